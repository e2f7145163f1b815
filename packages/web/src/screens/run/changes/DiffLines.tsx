import { useLayoutEffect, useMemo, useRef } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { Virtualizer } from "virtua";
import type { VirtualizerHandle } from "virtua";
import styles from "./Changes.module.css";
import type { LineTokens } from "./codeTokens.ts";
import { cellOf } from "./diffRows.ts";
import type { DiffRow, DiffView } from "./diffRows.ts";
import { DiffRowLines } from "./DiffRowLines.tsx";
import { targetOf } from "./followUp.ts";
import type { LineComment } from "./followUp.ts";
import type { DiffFile, DiffLine } from "./parseDiff.ts";

/** A place among the rows: 0 is the side of what was, 1 of what is. */
export interface RowPlace {
  readonly index: number;
  readonly side: 0 | 1;
}

/** What can be done on a row; the same all the time, so that a row is made anew only where it is another one. */
export interface RowActions {
  readonly onAt: (place: RowPlace) => void;
  readonly onWrite: (place: RowPlace | undefined) => void;
  readonly onComment: (comment: LineComment) => void;
  readonly onRemove: (comment: LineComment) => void;
}

export interface DiffLinesProps extends RowActions {
  readonly file: DiffFile;
  readonly rows: readonly DiffRow[];
  readonly view: DiffView;
  /** By the place of a line in its list. */
  readonly tokens: ReadonlyMap<number, LineTokens>;
  /** The line one is on. */
  readonly at: RowPlace | undefined;
  /** Where a comment is being written. */
  readonly writingAt: RowPlace | undefined;
  readonly comments: readonly LineComment[];
}

const page = 20;

const columns = {
  unified: ["Line before", "Line now", "Change", "Text"],
  split: ["Line before", "Change", "Text before", "Line now", "Change", "Text now"],
} as const;

/**
 * One stop for Tab: arrows go from line to line and from side to side, `c` comments on the one that one is on, as does a click on its
 * number. To a screen reader it is a table.
 */
export function DiffLines(props: DiffLinesProps) {
  const { file, rows, view, tokens, at, writingAt, comments, onAt } = props;
  const list = useRef<VirtualizerHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const actions = useActions(props, box);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const to = placeAfter(event.key, at, rows.length);
    if (to === undefined) return;
    event.preventDefault();
    onAt(to);
    list.current?.scrollToIndex(to.index, { align: "nearest" });
  };
  const moves = view === "split" ? "Arrows go from line to line and from side to side" : "Arrows go from line to line";
  return (
    <div
      ref={box}
      className={styles.lines}
      data-view={view}
      tabIndex={0}
      role="group"
      aria-label={`Lines of ${file.path}. ${moves}, c comments`}
      aria-describedby={at === undefined ? undefined : `at ${file.path}`}
      onKeyDown={onKeyDown}
    >
      {at === undefined ? null : (
        <span id={`at ${file.path}`} className="hidden" aria-live="polite">
          {lineWords(cellOf(rows[at.index], at.side)?.line)}
        </span>
      )}
      <div role="table" aria-label={`Changes of ${file.path}`} aria-rowcount={rows.length + 1}>
        <div role="row" aria-rowindex={1} className="hidden">
          {columns[view].map((name, index) => (
            <span key={index} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <Virtualizer ref={list} scrollRef={box} data={rows} keepMounted={at === undefined ? [] : [at.index]}>
          {(row, index) => (
            <DiffRowLines
              key={index}
              row={row}
              index={index}
              view={view}
              path={file.path}
              tokens={tokens}
              atSide={at?.index === index ? at.side : undefined}
              writingSide={writingAt?.index === index ? writingAt.side : undefined}
              comments={commentsOn(row, comments)}
              actions={actions}
            />
          )}
        </Virtualizer>
      </div>
    </div>
  );
}

/** Those of the moment, by functions that stay; whoever ends writing is on the lines again. */
function useActions(props: RowActions, box: RefObject<HTMLElement | null>): RowActions {
  const current = useRef(props);
  useLayoutEffect(() => {
    current.current = props;
  });
  return useMemo(
    () => ({
      onAt: (place) => current.current.onAt(place),
      onWrite: (place) => {
        current.current.onWrite(place);
        if (place === undefined) box.current?.focus();
      },
      onComment: (comment) => current.current.onComment(comment),
      onRemove: (comment) => current.current.onRemove(comment),
    }),
    [box],
  );
}

const noComments: readonly LineComment[] = [];

function commentsOn(row: DiffRow, comments: readonly LineComment[]): readonly LineComment[] {
  if (row.kind === "hunk" || comments.length === 0) return noComments;
  const own = comments.filter((comment) =>
    row.cells.some((cell) => {
      const target = cell === undefined ? undefined : targetOf(cell.line);
      return comment.line === target?.line && comment.side === target.side;
    }),
  );
  return own.length === 0 ? noComments : own;
}

/** Where a key leads; undefined for one that leads nowhere. */
function placeAfter(key: string, at: RowPlace | undefined, count: number): RowPlace | undefined {
  const from = at?.index ?? -1;
  const side = at?.side ?? 1;
  if (key === "ArrowLeft" || key === "ArrowRight")
    return { index: Math.max(0, from), side: key === "ArrowLeft" ? 0 : 1 };
  const to = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? undefined : { index: Math.max(0, Math.min(count - 1, to)), side };
}

function lineWords(line: DiffLine | undefined): string {
  if (line === undefined) return "";
  const number = line.after ?? line.before;
  return `${line.kind === "same" ? "" : `${line.kind} `}${number === undefined ? "" : `line ${number}: `}${line.text}`;
}
