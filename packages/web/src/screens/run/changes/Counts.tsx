import styles from "./Changes.module.css";
import type { DiffFile } from "./parseDiff.ts";

/** Lines added and removed, by sign and colour. */
export function Counts({ insertions, deletions }: Pick<DiffFile, "insertions" | "deletions">) {
  return (
    <span className={styles.counts}>
      <span className={styles.plus}>+{insertions}</span> <span className={styles.minus}>−{deletions}</span>
    </span>
  );
}
