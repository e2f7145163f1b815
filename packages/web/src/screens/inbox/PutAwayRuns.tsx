import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { Link } from "wouter";
import { announce } from "../../app/announcer.ts";
import { putAway } from "../../data/putAway.ts";
import { useParam } from "../../data/useParam.ts";
import { Button } from "../../kit/Button.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import styles from "./Inbox.module.css";

/** What was put away in this browser and still could be decided on: it can be brought back. Nothing where there is none. */
export function PutAwayRuns({ runs }: { readonly runs: readonly RunSummaryDocument[] }) {
  const [shown, show] = useParam("away");
  if (runs.length === 0) return null;
  const bringBack = (run: RunSummaryDocument): void => {
    putAway(run, false);
    announce(`${run.name ?? run.run} is back`);
    // The button is gone with its row: what is left of the list has the focus, else the page.
    requestAnimationFrame(() => (document.getElementById(summaryId) ?? document.querySelector("h1"))?.focus());
  };
  return (
    <details
      className={styles.away}
      open={shown === "yes"}
      onToggle={({ currentTarget }) => show(currentTarget.open ? "yes" : "")}
    >
      <summary id={summaryId}>Put away in this browser ({runs.length})</summary>
      <ul className={styles.awayRuns}>
        {runs.map((run) => (
          <li key={run.run}>
            <StateMark state={run.status} />
            <span className={styles.awayName}>
              <Link href={`/runs/${run.run}`}>{run.name ?? run.run}</Link>
            </span>
            <span className={styles.since}>
              {run.ended_at === null ? null : <Moment at={Date.parse(run.ended_at)} />}
            </span>
            <Button aria-label={`Bring ${run.name ?? run.run} back`} onClick={() => bringBack(run)}>
              Bring back
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

const summaryId = "put-away";
