import { stateWord, toneOf } from "./StateMark.tsx";
import type { Tone } from "./StateMark.tsx";
import styles from "./Progress.module.css";

const order: readonly Tone[] = ["good", "warn", "bad", "running", "waiting", "idle"];

/** How many of something stand where: a bar of parts, and the same in words for everybody. */
export function Progress({ counts, label }: { readonly counts: ReadonlyMap<string, number>; readonly label: string }) {
  const parts = [...counts].toSorted(([a], [b]) => order.indexOf(toneOf(a)) - order.indexOf(toneOf(b)));
  const words = parts.map(([state, count]) => `${count} ${stateWord(state)}`).join(", ");
  return (
    <span className={styles.progress}>
      <span className={styles.bar} role="img" aria-label={`${label}: ${words}`}>
        {parts.map(([state, count]) => (
          <span key={state} className={styles[toneOf(state)]} style={{ flexGrow: count }} />
        ))}
      </span>
      <span className={styles.words} aria-hidden="true">
        {words}
      </span>
    </span>
  );
}
