import { Check, Copy as CopyIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { announce } from "../app/announcer.ts";
import { Button } from "./Button.tsx";
import styles from "./Copy.module.css";

/** Puts a text on the clipboard, and says that it did. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    announce(`${what} copied`);
  };
  return (
    <Button tone="quiet" iconOnly icon={isDone ? <Check /> : <CopyIcon />} onClick={() => void copy()}>
      {`Copy ${what}`}
    </Button>
  );
}

/** A line to be typed in a terminal. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <span className={styles.command}>
      <code>{command}</code>
      <CopyButton text={command} what="command" />
    </span>
  );
}
