import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { LogPages } from "./logPages.ts";
import styles from "./LogLines.module.css";
import { windowOf } from "./logWindow.ts";

export interface LogLinesProps {
  readonly pages: LogPages;
  readonly total: number;
  /** The line that is meant: by the address, or found. 0: none. */
  readonly marked: number;
  readonly onMark: (line: number) => void;
  /** True: the end is kept in sight as it moves. */
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
}

/** The lines that are in sight, of any number: rows of one height, and nothing else in the document. */
export function LogLines({ pages, total, marked, onMark, follows, onFollow }: LogLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const seen = windowOf(total, view);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => setView({ top: element.scrollTop, height: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (follows && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [follows, total]);
  useEffect(() => {
    if (marked > 0 && box.current !== null) box.current.scrollTop = windowOf(total, view).topOf(marked);
    // Not when the view moves: one may scroll away from it.
  }, [marked, total > 0]);
  useEffect(() => {
    if (seen.to >= seen.from) pages.want(seen.from, seen.to);
  }, [pages, seen.from, seen.to]);
  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    setView({ top: element.scrollTop, height: element.clientHeight });
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
    if (isAtEnd !== follows) onFollow(isAtEnd);
  };
  return (
    <div ref={box} className={styles.box} tabIndex={0} role="region" aria-label="Output" onScroll={onScroll}>
      <div className={styles.whole} style={{ height: seen.height }}>
        <ol className={styles.lines} start={seen.from} style={{ transform: `translateY(${seen.offset}px)` }}>
          {Array.from({ length: Math.max(0, seen.to - seen.from + 1) }, (_, index) => {
            const number = seen.from + index;
            const line = pages.line(number);
            return (
              <li key={number} className={styles.line} data-marked={number === marked ? "" : undefined}>
                <button
                  type="button"
                  className={styles.number}
                  aria-label={`Line ${number}: link to it`}
                  tabIndex={-1}
                  onClick={() => onMark(number)}
                >
                  {number}
                </button>
                <span className={styles.text}>
                  {line?.text}
                  {line?.is_cut === true ? (
                    <span className={styles.cut}> … cut here; the download has it whole</span>
                  ) : null}
                </span>
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}
