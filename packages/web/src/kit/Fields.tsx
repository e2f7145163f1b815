import type { ReactNode } from "react";
import styles from "./Fields.module.css";

/** What is chosen above a list or a chart, side by side as far as there is room. */
export function Fields({ children }: { readonly children: ReactNode }) {
  return <div className={styles.fields}>{children}</div>;
}

/** A field under its name. */
export function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <label className={styles.field}>
      <span>{label}</span>
      {children}
    </label>
  );
}
