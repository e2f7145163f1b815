import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { stretchedTo } from "./lineRange.ts";
import type { LineRange } from "./lineRange.ts";
import type { LogLine, LogPages } from "./logPages.ts";
import styles from "./LogLines.module.css";
import { windowOf } from "./logWindow.ts";
import { sgrParts } from "./sgrParts.ts";
import { tickPlaces } from "./tickPlaces.ts";

export interface LogLinesProps {
  readonly pages: LogPages;
  readonly total: number;
  /** The lines that are meant: by the address, or found. */
  readonly marked: LineRange | undefined;
  /** Lines that have what is looked for. */
  readonly found: readonly number[];
  readonly onMark: (range: LineRange) => void;
  /** True: the end is kept in sight as it moves. */
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
}

/** The lines that are in sight, of any number: rows of one height, and nothing else in the document. */
export function LogLines({ pages, total, marked, found, onMark, follows, onFollow }: LogLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const seen = windowOf(total, view);
  const first = marked?.from ?? 0;
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
    if (first > 0 && box.current !== null) box.current.scrollTop = windowOf(total, view).topOf(first);
    // Not when the view moves: one may scroll away from it.
  }, [first, total > 0]);
  useEffect(() => {
    if (seen.to >= seen.from) pages.want(seen.from, seen.to);
  }, [pages, seen.from, seen.to]);
  const onNumber = (number: number, isStretched: boolean): void => {
    onMark(isStretched ? stretchedTo(marked, number) : { from: number, to: number });
  };
  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    setView({ top: element.scrollTop, height: element.clientHeight });
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
    if (isAtEnd !== follows) onFollow(isAtEnd);
  };
  return (
    <div className={styles.framed}>
      <div ref={box} className={styles.box} tabIndex={0} role="region" aria-label="Output" onScroll={onScroll}>
        <div className={styles.whole} style={{ height: seen.height }}>
          <ol className={styles.lines} start={seen.from} style={{ transform: `translateY(${seen.offset}px)` }}>
            {Array.from({ length: Math.max(0, seen.to - seen.from + 1) }, (_, index) => {
              const number = seen.from + index;
              const isMarked = isIn(marked, number);
              return (
                <Row key={number} number={number} line={pages.line(number)} isMarked={isMarked} onClick={onNumber} />
              );
            })}
          </ol>
        </div>
      </div>
      <Ticks lines={found} total={total} onGo={(line) => onMark({ from: line, to: line })} />
    </div>
  );
}

interface RowProps {
  readonly number: number;
  /** Undefined while it is not here yet. */
  readonly line: LogLine | undefined;
  readonly isMarked: boolean;
  readonly onClick: (number: number, isStretched: boolean) => void;
}

function Row({ number, line, isMarked, onClick }: RowProps) {
  return (
    <li className={styles.line} data-marked={isMarked ? "" : undefined}>
      <button
        type="button"
        className={styles.number}
        aria-label={`Line ${number}: link to it`}
        tabIndex={-1}
        onClick={({ shiftKey }) => onClick(number, shiftKey)}
      >
        {number}
      </button>
      <span className={styles.text}>
        {line === undefined ? null : <LineText text={line.text} />}
        {line?.is_cut === true ? <span className={styles.cut}> … cut here; the download has it whole</span> : null}
      </span>
    </li>
  );
}

function isIn(range: LineRange | undefined, line: number): boolean {
  return range !== undefined && range.from <= line && line <= range.to;
}

/** With the colours that its program asked for, as far as they can be read here. */
function LineText({ text }: { readonly text: string }) {
  return sgrParts(text).map(({ text: part, look }, index) => (
    <span
      key={index}
      data-colour={look.colour}
      data-bold={look.isBold ? "" : undefined}
      data-faint={look.isFaint ? "" : undefined}
      data-italic={look.isItalic ? "" : undefined}
      data-underlined={look.isUnderlined ? "" : undefined}
    >
      {part}
    </span>
  ));
}

interface TicksProps {
  readonly lines: readonly number[];
  readonly total: number;
  readonly onGo: (line: number) => void;
}

/** Where in the whole output the found lines are; for the mouse, since the buttons beside the field go to each of them. */
function Ticks({ lines, total, onGo }: TicksProps) {
  const ticks = useMemo(() => tickPlaces(lines, total), [lines, total]);
  if (ticks.length === 0) return null;
  return (
    <div className={styles.ticks} aria-hidden="true">
      {ticks.map(({ line, place }) => (
        <span key={line} style={{ top: `${place * 100}%` }} title={`Line ${line}`} onClick={() => onGo(line)} />
      ))}
    </div>
  );
}
