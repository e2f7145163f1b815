import { useMutation } from "@tanstack/react-query";
import type { RunState } from "@claude-orchestrator/domain";
import { Pause, Play, RotateCcw, Square } from "lucide-react";
import type { ReactNode } from "react";
import { announce } from "../../app/announcer.ts";
import { api } from "../../data/api.ts";
import { useRunList } from "../../data/LiveProvider.tsx";
import { useParam } from "../../data/useParam.ts";
import { Button } from "../../kit/Button.tsx";
import { Dialog } from "../../kit/Dialog.tsx";
import { ErrorNote } from "../../kit/Notes.tsx";
import { possibleActions } from "./possibleActions.ts";
import type { RunAction } from "./possibleActions.ts";

interface Look {
  readonly title: string;
  readonly icon: ReactNode;
  readonly tone?: "primary" | "danger";
}

const looks: Readonly<Record<RunAction, Look>> = {
  resume: { title: "Resume", icon: <Play />, tone: "primary" },
  pause: { title: "Pause", icon: <Pause /> },
  unpause: { title: "Go on", icon: <Play />, tone: "primary" },
  retry: { title: "Retry what failed", icon: <RotateCcw /> },
  stop: { title: "Stop", icon: <Square />, tone: "danger" },
};

async function act(action: RunAction | "force", id: string): Promise<string> {
  switch (action) {
    case "resume":
      await api.resume(id, {});
      return "It goes on";
    case "pause":
      return (await api.pause(id)).message;
    case "unpause":
      return (await api.unpause(id)).message;
    case "retry":
      return (await api.retry(id, {})).message;
    case "stop":
    case "force":
      return (await api.stop(id, { force: action === "force" })).message;
  }
}

/** What can be done to a run as it stands. What ends something asks first and names what it ends. */
export function RunActions({ id, state }: { readonly id: string; readonly state: RunState }) {
  const isInterrupted = useRunList()?.find(({ run }) => run === id)?.status === "interrupted";
  const [asked, ask] = useParam("do");
  const doing = useMutation({
    mutationFn: (action: RunAction | "force") => act(action, id),
    onSuccess: announce,
    onSettled: () => ask(""),
  });
  const possible = possibleActions(state, isInterrupted);
  return (
    <>
      {possible.map((action) => {
        const { title, icon, tone } = looks[action];
        const onClick = (): void => (action === "stop" ? ask("stop") : doing.mutate(action));
        return (
          <Button key={action} icon={icon} tone={tone ?? "plain"} disabled={doing.isPending} onClick={onClick}>
            {title}
          </Button>
        );
      })}
      {doing.error === null ? null : <ErrorNote title="That was not done" error={doing.error} />}
      {asked === "stop" && possible.includes("stop") ? (
        <StopDialog state={state} onStop={(force) => doing.mutate(force ? "force" : "stop")} onClose={() => ask("")} />
      ) : null}
    </>
  );
}

interface StopDialogProps {
  readonly state: RunState;
  readonly onStop: (force: boolean) => void;
  readonly onClose: () => void;
}

function StopDialog({ state, onStop, onClose }: StopDialogProps) {
  const working = [...state.instances.values()].filter(({ phase }) => phase.status !== "settled").length;
  const actions = (
    <>
      <Button onClick={onClose}>Leave it running</Button>
      <Button tone="danger" onClick={() => onStop(true)}>
        Stop by force
      </Button>
      <Button tone="danger" onClick={() => onStop(false)}>
        Stop {state.plan.name}
      </Button>
    </>
  );
  return (
    <Dialog title={`Stop ${state.plan.name}?`} onClose={onClose} actions={actions}>
      <p>
        {working} {working === 1 ? "instance is" : "instances are"} not over. Agents are asked to end, and get the time
        to; by force they do not. What they have done and spent stays, and the run can be resumed.
      </p>
    </Dialog>
  );
}
