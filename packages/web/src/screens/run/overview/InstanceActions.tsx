import { useMutation } from "@tanstack/react-query";
import type { InstanceState } from "@claude-orchestrator/domain";
import { RotateCcw, Square } from "lucide-react";
import { announce } from "../../../app/announcer.ts";
import { api } from "../../../data/api.ts";
import { Button } from "../../../kit/Button.tsx";
import { ErrorNote } from "../../../kit/Notes.tsx";
import { StopInstance } from "./StopInstance.tsx";
import { useParam } from "../../../data/useParam.ts";

export interface InstanceActionsProps {
  readonly id: string;
  readonly instance: InstanceState;
  /** Only the icons are seen: in a table. */
  readonly iconOnly?: boolean;
}

/** What can be done to one instance as it stands: stopped while it is not over, run again once it is. */
export function InstanceActions({ id, instance, iconOnly = false }: InstanceActionsProps) {
  const { name, phase } = instance;
  const [asked, ask] = useParam("stop");
  const retry = useMutation({
    mutationFn: () => api.retry(id, { instances: [name] }),
    onSuccess: ({ message }) => announce(message),
  });
  if (phase.status !== "settled") {
    return (
      <>
        <Button tone={iconOnly ? "quiet" : "danger"} iconOnly={iconOnly} icon={<Square />} onClick={() => ask(name)}>
          {`Stop ${name}`}
        </Button>
        {asked === name ? <StopInstance id={id} name={name} onClose={() => ask("")} /> : null}
      </>
    );
  }
  if (phase.verdict === "succeeded") return null;
  return (
    <>
      <Button
        tone={iconOnly ? "quiet" : "plain"}
        iconOnly={iconOnly}
        icon={<RotateCcw />}
        disabled={retry.isPending}
        onClick={() => retry.mutate()}
      >
        {`Retry ${name}`}
      </Button>
      {retry.error === null ? null : <ErrorNote title="It was not run again" error={retry.error} />}
    </>
  );
}
