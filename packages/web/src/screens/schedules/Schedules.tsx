import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { announce } from "../../app/announcer.ts";
import { Page } from "../../app/Page.tsx";
import { api } from "../../data/api.ts";
import { useParam } from "../../data/useParam.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { CommandLine } from "../../kit/Copy.tsx";
import { Dialog } from "../../kit/Dialog.tsx";
import { Empty, ErrorNote, Loading, StaleNote } from "../../kit/Notes.tsx";
import { keptDraft } from "../newRun/keptDraft.ts";
import { ScheduleCard } from "./ScheduleCard.tsx";
import type { ScheduleAct } from "./ScheduleCard.tsx";
import type { ScheduleDocument } from "./scheduleDocument.ts";
import { draftOf, freshDraft } from "./scheduleDraft.ts";
import { ScheduleForm } from "./ScheduleForm.tsx";
import styles from "./Schedules.module.css";

/** Their state changes by the clock, not by events of runs: it is asked for again. */
const everyMs = 15_000;

/** What begins by itself, when, and how it went last. */
export function Schedules() {
  const { data, error, refetch, isError } = useQuery({
    queryKey: ["schedules"],
    queryFn: api.schedules,
    refetchInterval: everyMs,
  });
  const schedules = data?.schedules as unknown as readonly ScheduleDocument[] | undefined;
  const [asked, form] = useParam("form");
  const actions = (
    <Button tone="primary" icon={<Plus />} onClick={() => form("new")}>
      New schedule
    </Button>
  );
  return (
    <Page title="Schedules" actions={actions}>
      {isError && data !== undefined ? <StaleNote>The server does not answer: this is how it was.</StaleNote> : null}
      {isError && data === undefined ? (
        <ErrorNote title="The schedules cannot be read" error={error} retry={() => void refetch()} />
      ) : null}
      {data === undefined && !isError ? <Loading what="The schedules" /> : null}
      {data === undefined || schedules === undefined ? null : (
        <>
          <Daemon isRunning={data.daemon} count={schedules.length} />
          <AskedForm asked={asked} schedules={schedules} onDone={() => form("")} />
          {schedules.length === 0 ? (
            <NoSchedules />
          ) : (
            <ScheduleList schedules={schedules} onChange={(name) => form(`change ${name}`)} />
          )}
        </>
      )}
    </Page>
  );
}

interface AskedFormProps {
  /** "new"; "run", with what is being written under New run; "change" and a schedule's name. */
  readonly asked: string;
  readonly schedules: readonly ScheduleDocument[];
  readonly onDone: () => void;
}

function AskedForm({ asked, schedules, onDone }: AskedFormProps) {
  if (asked === "") return null;
  const name = /^change (.+)$/.exec(asked)?.[1];
  const schedule = schedules.find((each) => each.name === name);
  // It was removed meanwhile.
  if (name !== undefined && schedule === undefined) return null;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const kept = asked === "run" ? keptDraft() : undefined;
  const fresh =
    schedule === undefined ? freshDraft(zone, kept?.source === "prompts" ? undefined : kept) : draftOf(schedule);
  // What is changed has another id: what was being written of the one before is not taken up again.
  const draftName = `schedule ${schedule?.id ?? ""}`;
  const isTakenOver = asked === "run";
  const parts = { fresh, changes: name, draftName, isTakenOver, onDone };
  return <ScheduleForm key={`${asked} ${draftName}`} {...parts} />;
}

function Daemon({ isRunning, count }: { readonly isRunning: boolean | null; readonly count: number }) {
  if (isRunning === true) return <p className={styles.quiet}>A daemon is running: each begins by itself.</p>;
  if (count === 0) return null;
  return (
    <div className={styles.daemon} role="status">
      <p>
        {isRunning === false
          ? "No daemon is running, so nothing begins by itself."
          : "Whether a daemon is running cannot be told on this machine."}
      </p>
      <CommandLine command="claude-orchestrator schedule install" />
    </div>
  );
}

function NoSchedules() {
  return (
    <Card title="No schedule yet" flush>
      <Empty title="Nothing begins by itself: add one above, or in a terminal, beside the file:">
        <CommandLine command={'claude-orchestrator schedule add fleet.yaml --cron "0 2 * * 1-5"'} />
        <CommandLine command="claude-orchestrator schedule install" />
      </Empty>
    </Card>
  );
}

async function act({ does, name }: { readonly does: ScheduleAct; readonly name: string }): Promise<Done> {
  switch (does) {
    case "pause":
      return await api.pauseSchedule(name);
    case "unpause":
      return await api.unpauseSchedule(name);
    case "run":
      return { message: `${name} begins`, run: (await api.runScheduleNow(name)).run };
    case "remove":
      return await api.removeSchedule(name);
  }
}

interface Done {
  readonly message: string;
  readonly run?: string;
}

interface ScheduleListProps {
  readonly schedules: readonly ScheduleDocument[];
  readonly onChange: (name: string) => void;
}

function ScheduleList({ schedules, onChange }: ScheduleListProps) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [asked, ask] = useState<string>();
  const doing = useMutation({
    mutationFn: act,
    onSuccess: ({ message, run }) => {
      announce(message);
      if (run !== undefined) navigate(`/runs/${run}`);
    },
    onSettled: () => {
      ask(undefined);
      return queries.invalidateQueries({ queryKey: ["schedules"] });
    },
  });
  const decide = (does: ScheduleAct | "change", name: string): void => {
    if (does === "remove") ask(name);
    else if (does === "change") onChange(name);
    else doing.mutate({ does, name });
  };
  return (
    <>
      {doing.error === null ? null : <ErrorNote title="That was not done" error={doing.error} />}
      <ul className={styles.list}>
        {schedules.map((schedule) => (
          <li key={schedule.id}>
            <ScheduleCard schedule={schedule} isBusy={doing.isPending} onAct={(does) => decide(does, schedule.name)} />
          </li>
        ))}
      </ul>
      {asked === undefined ? null : (
        <RemoveDialog
          name={asked}
          onRemove={() => doing.mutate({ does: "remove", name: asked })}
          onClose={() => ask(undefined)}
        />
      )}
    </>
  );
}

interface RemoveDialogProps {
  readonly name: string;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

function RemoveDialog({ name, onRemove, onClose }: RemoveDialogProps) {
  const actions = (
    <>
      <Button onClick={onClose}>Keep it</Button>
      <Button tone="danger" onClick={onRemove}>
        Remove {name}
      </Button>
    </>
  );
  return (
    <Dialog title={`Remove the schedule ${name}?`} onClose={onClose} actions={actions}>
      <p>It has no more slots, and what waits is dropped. Runs that work go on; those that were are kept.</p>
    </Dialog>
  );
}
