import { Link } from "wouter";
import { countStandings, totalsOf } from "../../data/totals.ts";
import { shortly } from "../../kit/Lasting.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { Money } from "../../kit/Money.tsx";
import { StateMark, stateWord } from "../../kit/StateMark.tsx";
import type { RowsProps } from "./NeedsYou.tsx";
import styles from "./rows.module.css";
import { changedWords } from "./words.ts";

export function FinishedRuns({ runs, folded }: RowsProps) {
  return (
    <ul className={styles.rows}>
      {runs.map(({ run, name, status, ended_at, duration_ms, verdicts }) => {
        const state = folded.get(run)?.state;
        const counts = state === undefined ? Object.entries(verdicts) : [...countStandings(state)];
        const totals = state === undefined ? undefined : totalsOf(state);
        return (
          <li key={run} className={styles.row}>
            <StateMark state={status} />
            <span className={styles.what}>
              <Link href={`/runs/${run}`}>{name ?? run}</Link>
              <span className={styles.why}>
                {counts.map(([word, count]) => `${count} ${stateWord(word)}`).join(", ")}
                {state === undefined ? "" : changedWords(state)}
              </span>
            </span>
            <span className={styles.when}>
              {totals === undefined ? null : <Money usd={totals.cost} isBound={totals.isBound} />}
              {duration_ms === null ? null : <span>{shortly(duration_ms)}</span>}
              <Moment at={Date.parse(ended_at ?? "")} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
