import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { Link } from "wouter";
import type { FoldedRun } from "../../data/runFold.ts";
import { Moment } from "../../kit/Moment.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import { whyItNeedsSomebody } from "./words.ts";
import styles from "./rows.module.css";

export interface RowsProps {
  readonly runs: readonly RunSummaryDocument[];
  readonly folded: ReadonlyMap<string, FoldedRun>;
}

export function NeedsYou({ runs, folded }: RowsProps) {
  return (
    <ul className={styles.rows}>
      {runs.map(({ run, name, status, ended_at, created_at }) => (
        <li key={run} className={styles.row}>
          <StateMark state={status} />
          <span className={styles.what}>
            <Link href={`/runs/${run}`}>{name ?? run}</Link>
            <span className={styles.why}>{whyItNeedsSomebody(status, folded.get(run)?.state)}</span>
          </span>
          <span className={styles.when}>
            <Moment at={Date.parse(ended_at ?? created_at ?? "")} />
          </span>
        </li>
      ))}
    </ul>
  );
}
