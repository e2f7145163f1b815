import { barClass } from "./Lane.tsx";
import type { SpanKind } from "./spans.ts";
import styles from "./Timeline.module.css";

interface Entry {
  readonly kind: SpanKind;
  readonly verdict?: string;
  readonly words: string;
}

const entries: readonly Entry[] = [
  { kind: "attempt", verdict: "succeeded", words: "succeeded" },
  { kind: "attempt", verdict: "failed", words: "failed" },
  { kind: "attempt", verdict: "incomplete", words: "incomplete" },
  { kind: "attempt", verdict: "stopped", words: "stopped" },
  { kind: "attempt", words: "works" },
  { kind: "needs", words: "waits for what it needs" },
  { kind: "slot", words: "waits for its turn" },
  { kind: "held", words: "held back" },
  { kind: "retry", words: "waits to try again" },
  { kind: "startup", words: "is being started" },
];

export function Legend() {
  return (
    <ul className={styles.legend} aria-label="What the bars mean">
      {entries.map((entry) => (
        <li key={entry.words}>
          <span className={barClass(entry)} aria-hidden="true" />
          {entry.words}
        </li>
      ))}
      <li>
        <span className={barClass({ kind: "attempt", verdict: "succeeded" }, true)} aria-hidden="true" />
        outlined: on the critical path
      </li>
    </ul>
  );
}
