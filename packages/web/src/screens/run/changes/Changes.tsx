import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../../data/api.ts";
import { Empty, ErrorNote, Loading } from "../../../kit/Notes.tsx";
import { InstancePicker } from "../InstancePicker.tsx";
import type { TabProps } from "../tabs.ts";
import { useChosenAttempt } from "../useChosenAttempt.ts";
import styles from "./Changes.module.css";
import { parseDiff } from "./parseDiff.ts";
import { Review } from "./Review.tsx";
import { useParam } from "../../../data/useParam.ts";

/** What an instance changed in its own folder: read file by file, commented on line by line, sent on as a prompt. */
export function Changes({ id, state }: TabProps) {
  const [asked] = useParam("instance");
  const chosen = useChosenAttempt(state);
  // Where nobody asked for one, the first that has a folder of its own is meant.
  const withFolder = [...state.instances.values()].filter(({ workspace }) => workspace !== undefined);
  const instance = asked === "" ? (withFolder[0]?.name ?? chosen.instance) : chosen.instance;
  const workspace = state.instances.get(instance ?? "")?.workspace;
  return (
    <div className={styles.changes}>
      <InstancePicker state={state} chosen={{ ...chosen, instance }} />
      {instance === undefined || workspace === undefined ? (
        <Empty
          title={`${instance ?? "Nothing"} has no folder of its own: what it changed cannot be told from what others did.`}
        >
          <p>
            Write <code>isolation: worktree</code> or <code>isolation: copy</code> into the file to give it one.
          </p>
        </Empty>
      ) : (
        <Difference
          key={instance}
          id={id}
          instance={instance}
          folder={workspace.path}
          agent={agentOf(state, instance)}
        />
      )}
    </div>
  );
}

function agentOf(state: TabProps["state"], instance: string): string | undefined {
  const agent = state.plan.instances.find(({ name }) => name === instance)?.agent;
  return agent === "command" ? undefined : agent;
}

interface DifferenceProps {
  readonly id: string;
  readonly instance: string;
  readonly folder: string;
  readonly agent: string | undefined;
}

function Difference({ id, instance, folder, agent }: DifferenceProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ["difference", id, instance],
    queryFn: () => api.difference(id, instance),
  });
  const files = useMemo(() => (data === undefined ? [] : parseDiff(data.text)), [data]);
  if (data === undefined) {
    return error === null ? (
      <Loading what="What it changed" rows={8} />
    ) : (
      <ErrorNote title="What it changed cannot be read" error={error} retry={() => void refetch()} />
    );
  }
  if (data.files.length === 0 && files.length === 0) return <Empty title={`${instance} has changed nothing.`} />;
  const missing = data.files.length - files.length;
  return (
    <>
      {data.is_cut ? (
        <p className={styles.note}>
          It is too much to be shown whole{missing > 0 ? `: ${missing} files are left out` : ""}. All of it:{" "}
          <code>{`claude-orchestrator diff ${id} ${instance}`}</code>
        </p>
      ) : null}
      <Review id={id} instance={instance} folder={folder} agent={agent} files={files} />
    </>
  );
}
