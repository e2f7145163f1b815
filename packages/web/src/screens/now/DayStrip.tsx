import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { Link } from "wouter";
import { useNow } from "../../data/useNow.ts";
import styles from "./DayStrip.module.css";
import { dayWords, lastDay } from "./lastDay.ts";

const height = 28;
const width = 10;

/** The last 24 hours at a glance: a bar for each, of what began in it. The sentence says the same. */
export function DayStrip({ runs }: { readonly runs: readonly RunSummaryDocument[] }) {
  const now = useNow(0);
  const day = lastDay(runs, now);
  const most = Math.max(1, ...day.map(({ good, bad, other }) => good + bad + other));
  const words = dayWords(day);
  const one = (height - 2) / most;
  return (
    <div className={styles.strip}>
      <svg width={24 * width} height={height} role="img" aria-label={words}>
        {day.map(({ from, good, bad, other }, index) => (
          <g key={from} transform={`translate(${index * width} 0)`}>
            <rect y={height - 1} width={width - 2} height={1} className={styles.ground} />
            <rect y={height - 1 - good * one} width={width - 2} height={good * one} className={styles.good} />
            <rect
              y={height - 1 - (good + other) * one}
              width={width - 2}
              height={other * one}
              className={styles.other}
            />
            <rect
              x={1}
              y={height - 1 - (good + other + bad) * one}
              width={width - 4}
              height={bad * one}
              className={styles.bad}
            />
          </g>
        ))}
      </svg>
      <p>
        <Link href="/runs?since=24h">{words}</Link>
      </p>
    </div>
  );
}
