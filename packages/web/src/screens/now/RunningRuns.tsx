import { formatTokens } from "@claude-orchestrator/domain";
import { Link } from "wouter";
import type { FoldedRun } from "../../data/runFold.ts";
import { countStandings, runStanding, totalsOf } from "../../data/totals.ts";
import { Lasting } from "../../kit/Lasting.tsx";
import { Money } from "../../kit/Money.tsx";
import { Progress } from "../../kit/Progress.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import type { RowsProps } from "./NeedsYou.tsx";
import styles from "./rows.module.css";
import { lastWords } from "./words.ts";

export function RunningRuns({ runs, folded }: RowsProps) {
  return (
    <ul className={styles.rows}>
      {runs.map(({ run, name, created_at }) => (
        <li key={run} className={styles.row}>
          <StateMark state={standing(folded.get(run))} />
          <span className={styles.what}>
            <Link href={`/runs/${run}`}>{name ?? run}</Link>
            <Doing folded={folded.get(run)} />
          </span>
          <Figures folded={folded.get(run)} since={Date.parse(created_at ?? "")} />
        </li>
      ))}
    </ul>
  );
}

function standing(folded: FoldedRun | undefined): string {
  return folded?.state === undefined ? "running" : runStanding(folded.state);
}

function Doing({ folded }: { readonly folded: FoldedRun | undefined }) {
  if (folded?.state === undefined) return null;
  return (
    <>
      <Progress counts={countStandings(folded.state)} label="Instances" />
      <span className={styles.why}>{lastWords(folded.state)}</span>
    </>
  );
}

function Figures({ folded, since }: { readonly folded: FoldedRun | undefined; readonly since: number }) {
  const totals = folded?.state === undefined ? undefined : totalsOf(folded.state);
  return (
    <span className={styles.when}>
      {totals === undefined ? null : (
        <>
          <Money usd={totals.cost} isBound={totals.isBound} />
          <span>{formatTokens(totals.tokens)} tokens</span>
        </>
      )}
      <Lasting since={since} />
    </span>
  );
}
