import { CircleX, CloudOff } from "lucide-react";
import type { ReactNode } from "react";
import { useConnection } from "../data/LiveProvider.tsx";
import { Button } from "./Button.tsx";
import styles from "./Notes.module.css";

/** Nothing is here yet: says so, and what brings something. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles.note}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  );
}

export interface ErrorNoteProps {
  /** What could not be done. */
  readonly title: string;
  readonly error: unknown;
  readonly retry?: () => void;
}

/** What went wrong, why, and what can be done; said once to who cannot see it. */
export function ErrorNote({ title, error, retry }: ErrorNoteProps) {
  return (
    <div className={styles.note} role="alert">
      <p className={styles.bad}>
        <CircleX aria-hidden="true" />
        {title}
      </p>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {retry === undefined ? null : <Button onClick={retry}>Try again</Button>}
    </div>
  );
}

/** What is shown is from earlier, since the server does not answer. */
export function StaleNote({ children }: { readonly children: ReactNode }) {
  return (
    <p className={styles.stale} role="status">
      <CloudOff aria-hidden="true" />
      {children}
    </p>
  );
}

/**
 * Grey bars where lines will be; only after a moment, so that what comes at once does not flash. Nobody waits for a server that
 * does not answer: then that is said.
 */
export function Loading({ rows = 5, what }: { readonly rows?: number; readonly what: string }) {
  const { is } = useConnection();
  if (is === "reconnecting") return <StaleNote>{what} will be here when the server answers again.</StaleNote>;
  return (
    <div className={styles.loading} role="status">
      <span className="hidden">{what} is being loaded</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className={styles.bar} aria-hidden="true" />
      ))}
    </div>
  );
}
