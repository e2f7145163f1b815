import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import styles from "./Page.module.css";
import { useWindowTitle } from "./useWindowTitle.ts";

export interface PageProps {
  /** The page's one h1, and the window's title. */
  readonly title: string;
  /** Before the title: where one is. */
  readonly crumbs?: ReactNode;
  /** Beside the title: what can be done here. */
  readonly actions?: ReactNode;
  /** What the window's title says, where that is not the page's. */
  readonly windowTitle?: string;
  readonly children: ReactNode;
}

/** A screen under the shell. Coming to it moves the focus to its heading, as a page load would. */
export function Page({ title, crumbs, actions, windowTitle, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useWindowTitle(windowTitle ?? title);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <header className={styles.head}>
        <div className={styles.titles}>
          {crumbs === undefined ? null : (
            <nav aria-label="Where this is" className={styles.crumbs}>
              {crumbs}
            </nav>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
        </div>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={styles.content}>{children}</div>
    </>
  );
}
