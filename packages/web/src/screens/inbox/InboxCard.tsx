import { ScrollText } from "lucide-react";
import { Link } from "wouter";
import { Button } from "../../kit/Button.tsx";
import { CommandLine, CopyButton } from "../../kit/Copy.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import styles from "./Inbox.module.css";
import type { InboxAction, InboxItem, Reason } from "./inboxItems.ts";

/** What is seen of what failed; the rest is in the run. */
const mostReasons = 4;

export interface InboxCardProps {
  readonly item: InboxItem;
  readonly isBusy: boolean;
  readonly onAct: (action: InboxAction) => void;
  /** Absent where it cannot be. */
  readonly onPutAway: (() => void) | undefined;
  readonly showsRemedy: boolean;
  readonly onRemedy: (isShown: boolean) => void;
}

/** One thing that waits: why, what each answer would do, and what the file would have to say. */
export function InboxCard({ item, isBusy, onAct, onPutAway, showsRemedy, onRemedy }: InboxCardProps) {
  const { run, name, status, since, question, reasons, actions, remedy, command } = item;
  const [first] = reasons;
  return (
    <>
      <header className={styles.head}>
        <StateMark state={status} />
        <h3>
          <Link href={`/runs/${run}`}>{name}</Link>
        </h3>
        <span className={styles.since}>{since === 0 ? null : <Moment at={since} />}</span>
      </header>
      <p className={styles.question}>{question}</p>
      <ul className={styles.reasons}>
        {reasons.slice(0, mostReasons).map((reason) => (
          <ReasonLine key={`${reason.instance ?? ""} ${reason.sentence}`} reason={reason} run={run} />
        ))}
        {reasons.length > mostReasons ? <li>and {reasons.length - mostReasons} more</li> : null}
      </ul>
      {remedy === undefined ? null : (
        <details open={showsRemedy} onToggle={({ currentTarget }) => onRemedy(currentTarget.open)}>
          <summary>What to write in the file</summary>
          <p className={styles.effect}>{remedy.about}</p>
          <div className={styles.remedy}>
            <pre>{remedy.text}</pre>
            <CopyButton text={remedy.text} what="lines" />
          </div>
        </details>
      )}
      <ul className={styles.actions}>
        {actions.map((action, index) => (
          <li key={action.does}>
            <Button
              tone={action.does === "end" ? "danger" : index === 0 ? "primary" : "plain"}
              disabled={isBusy}
              onClick={() => onAct(action)}
            >
              {action.title}
            </Button>
            <span className={styles.effect}>{action.effect}</span>
          </li>
        ))}
      </ul>
      <footer className={styles.foot}>
        {first?.instance === undefined ? null : (
          <Link href={logOf(run, first.instance)} className={styles.link}>
            <ScrollText aria-hidden="true" />
            Log of {first.instance}
          </Link>
        )}
        {onPutAway === undefined ? null : (
          <Button tone="quiet" onClick={onPutAway}>
            Put away
          </Button>
        )}
        <CommandLine command={command} />
      </footer>
    </>
  );
}

function ReasonLine({ reason: { instance, sentence }, run }: { readonly reason: Reason; readonly run: string }) {
  if (instance === undefined) return <li>{sentence}</li>;
  return (
    <li>
      <Link href={logOf(run, instance)}>{instance}</Link>: {sentence}
    </li>
  );
}

function logOf(run: string, instance: string): string {
  return `/runs/${run}?tab=log&instance=${encodeURIComponent(instance)}`;
}
