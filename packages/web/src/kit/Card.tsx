import { useId } from "react";
import type { ReactNode } from "react";
import styles from "./Card.module.css";

export interface CardProps {
  readonly title: string;
  /** Beside the title: a count, a link, a button. */
  readonly aside?: ReactNode;
  /** Without lines around: for tables and lists that have their own. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** One subject of a page, under its own heading. */
export function Card({ title, aside, flush = false, children }: CardProps) {
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      <div className={flush ? undefined : styles.body}>{children}</div>
    </section>
  );
}
