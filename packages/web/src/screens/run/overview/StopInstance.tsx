import { useMutation } from "@tanstack/react-query";
import { announce } from "../../../app/announcer.ts";
import { api } from "../../../data/api.ts";
import { Button } from "../../../kit/Button.tsx";
import { Dialog } from "../../../kit/Dialog.tsx";
import { ErrorNote } from "../../../kit/Notes.tsx";

export interface StopInstanceProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

export function StopInstance({ id, name, onClose }: StopInstanceProps) {
  const stop = useMutation({
    mutationFn: (force: boolean) => api.stop(id, { instance: name, force }),
    onSuccess: ({ message }) => {
      announce(message);
      onClose();
    },
  });
  const actions = (
    <>
      <Button onClick={onClose}>Leave it running</Button>
      <Button tone="danger" disabled={stop.isPending} onClick={() => stop.mutate(true)}>
        Stop by force
      </Button>
      <Button tone="danger" disabled={stop.isPending} onClick={() => stop.mutate(false)}>
        {`Stop ${name}`}
      </Button>
    </>
  );
  return (
    <Dialog title={`Stop ${name}?`} onClose={onClose} actions={actions}>
      <p>
        Its agent is asked to end, and gets the time to; by force it does not. The other instances go on, but those that
        need it are skipped. What it has done and spent stays, and it can be retried.
      </p>
      {stop.error === null ? null : <ErrorNote title="It was not stopped" error={stop.error} />}
    </Dialog>
  );
}
