import { CirclePause, Pencil, Play, Trash2, Zap } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import { lastWords, policyWords, slotWords } from "./scheduleDocument.ts";
import type { ScheduleDocument } from "./scheduleDocument.ts";
import styles from "./Schedules.module.css";

export type ScheduleAct = "pause" | "unpause" | "run" | "remove";

export interface ScheduleCardProps {
  readonly schedule: ScheduleDocument;
  readonly isBusy: boolean;
  readonly onAct: (does: ScheduleAct | "change") => void;
}

/** When it begins next, how it went, what becomes of slots it misses. */
export function ScheduleCard({ schedule, isBusy, onAct }: ScheduleCardProps) {
  const { name, cron, zone, file, running, waiting, fired, skipped, failed } = schedule;
  return (
    <Card title={name} aside={<ScheduleActions schedule={schedule} isBusy={isBusy} onAct={onAct} />}>
      <dl className={styles.facts}>
        <Fact name={`Next, in ${zone}`}>
          <Next schedule={schedule} />
        </Fact>
        <Fact name="Last">
          <Last schedule={schedule} />
        </Fact>
        {running.length + waiting.length === 0 ? null : (
          <Fact name="Now">
            {running.map(({ run }) => (
              <Link key={run} href={`/runs/${run}`} className={styles.line}>
                {run}
              </Link>
            ))}
            {waiting.length === 0 ? null : <span className={styles.line}>{waiting.length} waiting</span>}
          </Fact>
        )}
        <Fact name="Cron">
          <code>{cron}</code>
        </Fact>
        <Fact name="File">
          <code>{file}</code>
        </Fact>
        <Fact name="So far">
          {fired} begun, {skipped} left out, {failed} could not start
        </Fact>
      </dl>
      <p className={styles.quiet}>{policyWords(schedule)}.</p>
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Next({ schedule: { next, zone, paused } }: { readonly schedule: ScheduleDocument }) {
  if (paused) return <StateMark state="paused" />;
  if (next.length === 0) return "never";
  return (
    <ol>
      {next.map((slot, index) => (
        <li key={slot} className={index === 0 ? styles.first : styles.later}>
          {slotWords(slot, zone)}
          {index === 0 ? (
            <span className={styles.later}>
              {" "}
              <Moment at={Date.parse(slot)} />
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function Last({ schedule: { last } }: { readonly schedule: ScheduleDocument }) {
  if (last === null) return "not yet";
  const { state, why } = lastWords(last);
  return (
    <>
      <span className={styles.line}>
        <StateMark state={state} plain /> <Moment at={Date.parse(last.at)} />
      </span>
      {last.run === undefined ? null : (
        <Link href={`/runs/${last.run}`} className={styles.line}>
          {last.run}
        </Link>
      )}
      {why === "" ? null : <span className={styles.line}>{why}</span>}
    </>
  );
}

function ScheduleActions({ schedule: { name, paused }, isBusy, onAct }: ScheduleCardProps) {
  return (
    <span className={styles.actions}>
      <Button icon={<Zap />} disabled={isBusy} onClick={() => onAct("run")} aria-label={`Run now: ${name}`}>
        Run now
      </Button>
      {paused ? (
        <Button icon={<Play />} disabled={isBusy} onClick={() => onAct("unpause")} aria-label={`Go on: ${name}`}>
          Go on
        </Button>
      ) : (
        <Button icon={<CirclePause />} disabled={isBusy} onClick={() => onAct("pause")} aria-label={`Pause ${name}`}>
          Pause
        </Button>
      )}
      <Button icon={<Pencil />} disabled={isBusy} onClick={() => onAct("change")} aria-label={`Change ${name}`}>
        Change
      </Button>
      <Button
        tone="danger"
        icon={<Trash2 />}
        disabled={isBusy}
        onClick={() => onAct("remove")}
        aria-label={`Remove ${name}`}
      >
        Remove
      </Button>
    </span>
  );
}
