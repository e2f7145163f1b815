import type { FileProblem } from "@claude-orchestrator/protocol";
import styles from "./Problems.module.css";

export interface ProblemsProps {
  readonly problems: readonly FileProblem[];
  /** Absent where there is no editor to go to. */
  readonly onGoTo?: ((line: number, column: number) => void) | undefined;
}

/** Everything that is wrong in the file: each leads to its place. */
export function Problems({ problems, onGoTo }: ProblemsProps) {
  return (
    <ul className={styles.problems} aria-label="What is wrong in the file">
      {problems.map(({ line, column, message, hint }) => (
        <li key={`${line}:${column}:${message}`} className={styles.problem}>
          {onGoTo === undefined ? (
            <span className={styles.place}>
              {line}:{column}
            </span>
          ) : (
            <button type="button" className={styles.place} onClick={() => onGoTo(line, column)}>
              <span className="hidden">Go to line </span>
              {line}:{column}
            </button>
          )}
          <span>
            {message}
            {hint === undefined ? null : <span className={styles.hint}>{hint}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
