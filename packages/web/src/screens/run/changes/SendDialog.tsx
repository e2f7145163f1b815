import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { announce } from "../../../app/announcer.ts";
import { api } from "../../../data/api.ts";
import { Button } from "../../../kit/Button.tsx";
import { CopyButton } from "../../../kit/Copy.tsx";
import { Dialog } from "../../../kit/Dialog.tsx";
import { ErrorNote } from "../../../kit/Notes.tsx";
import styles from "./Changes.module.css";

export interface SendDialogProps {
  readonly instance: string;
  /** That instance's own folder: the new run works in it. */
  readonly folder: string;
  /** Undefined: whoever is asked where nothing else is said. */
  readonly agent: string | undefined;
  readonly prompt: string;
  readonly onClose: () => void;
  readonly onSent: () => void;
}

/** Says what will happen before it does: a new run, in that folder, with this prompt. */
export function SendDialog({ instance, folder, agent, prompt, onClose, onSent }: SendDialogProps) {
  const [text, setText] = useState(prompt);
  const [, navigate] = useLocation();
  const sending = useMutation({
    mutationFn: () =>
      api.start({
        prompts: [text],
        workspace: folder,
        name: `follow-up of ${instance}`.slice(0, 200),
        ...(agent === undefined ? {} : { agent }),
      }),
    onSuccess: ({ run }) => {
      announce("The follow-up has begun");
      onSent();
      navigate(`/runs/${run}`);
    },
  });
  const actions = (
    <>
      <CopyButton text={text} what="prompt" />
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" disabled={sending.isPending || text.trim() === ""} onClick={() => sending.mutate()}>
        Start the follow-up
      </Button>
    </>
  );
  return (
    <Dialog title={`Send your comments on ${instance}`} onClose={onClose} actions={actions} wide>
      <p>
        A new run begins: {agent ?? "the usual agent"} gets this prompt, works in <code>{folder}</code> and changes the
        files there. It costs what an agent costs. This run stays as it is.
      </p>
      <label className={styles.field}>
        <span>Prompt</span>
        <textarea className={styles.prompt} value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      {sending.error === null ? null : <ErrorNote title="It was not started" error={sending.error} />}
    </Dialog>
  );
}
