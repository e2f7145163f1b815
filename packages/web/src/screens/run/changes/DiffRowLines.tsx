import { memo } from "react";
import type { ReactNode } from "react";
import { Button } from "../../../kit/Button.tsx";
import styles from "./Changes.module.css";
import { Code } from "./Code.tsx";
import type { LineTokens } from "./codeTokens.ts";
import { CommentForm } from "./CommentForm.tsx";
import type { RowActions } from "./DiffLines.tsx";
import { cellOf, columnOf } from "./diffRows.ts";
import type { DiffCell, DiffRow, DiffSide, DiffView } from "./diffRows.ts";
import { targetOf } from "./followUp.ts";
import type { LineComment } from "./followUp.ts";

const signs = { same: "", added: "+", removed: "−", hunk: "" } as const;
const noTokens: LineTokens = [];

interface DiffRowLinesProps {
  readonly row: DiffRow;
  readonly index: number;
  readonly view: DiffView;
  readonly path: string;
  readonly tokens: ReadonlyMap<number, LineTokens>;
  /** The side one is on, where it is this row. */
  readonly atSide: DiffSide | undefined;
  /** The side that a comment is written on. */
  readonly writingSide: DiffSide | undefined;
  readonly comments: readonly LineComment[];
  readonly actions: RowActions;
}

/** A row, with what was written about its lines below it. */
export const DiffRowLines = memo(function DiffRowLines(props: DiffRowLinesProps) {
  const { row, index, view, path, tokens, atSide, writingSide, comments, actions } = props;
  if (row.kind === "hunk") {
    return (
      <div role="row" aria-rowindex={index + 2} className={styles.hunk}>
        <code role="cell">{`⋯ ${row.text}`}</code>
      </div>
    );
  }
  const written = writingSide === undefined ? undefined : cellOf(row, writingSide);
  return (
    <>
      <div role="row" aria-rowindex={index + 2} className={styles.row}>
        {row.cells.map((cell, column) => {
          const place = { index, side: column as DiffSide };
          return (
            <Side
              key={column}
              cell={cell}
              shows={view === "unified" ? "both" : numbersOf[place.side]}
              tokens={tokens}
              isCurrent={atSide !== undefined && columnOf(row, atSide) === column}
              onChoose={() => actions.onAt(place)}
              onWrite={() => actions.onWrite(place)}
            />
          );
        })}
      </div>
      {comments.map((comment) => (
        <Beneath key={comment.text}>
          <div className={styles.comment}>
            {comment.text}
            <span className={styles.buttons}>
              <Button tone="quiet" onClick={() => actions.onRemove(comment)}>
                Remove
              </Button>
            </span>
          </div>
        </Beneath>
      ))}
      {written === undefined ? null : (
        <Beneath>
          <CommentForm
            label={`Comment on line ${written.line.after ?? written.line.before ?? ""} of ${path}`}
            onClose={() => actions.onWrite(undefined)}
            onSave={(text) => {
              actions.onComment({ path, ...targetOf(written.line), code: written.line.text, text });
            }}
          />
        </Beneath>
      )}
    </>
  );
});

const numbersOf = ["before", "after"] as const;

/** A row of the table that is no line of the file. */
function Beneath({ children }: { readonly children: ReactNode }) {
  return (
    <div role="row">
      <div role="cell">{children}</div>
    </div>
  );
}

interface SideProps {
  readonly cell: DiffCell | undefined;
  /** Which of its numbers: in one column both, in two that of its own side. */
  readonly shows: "both" | "before" | "after";
  readonly tokens: ReadonlyMap<number, LineTokens>;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
  readonly onWrite: () => void;
}

function Side({ cell, shows, tokens, isCurrent, onChoose, onWrite }: SideProps) {
  if (cell === undefined) {
    return (
      <div className={[styles.side, styles.nothing].join(" ")}>
        <span role="cell" />
        <span role="cell" />
        <span role="cell" />
      </div>
    );
  }
  const { kind, before, after } = cell.line;
  const number = after ?? before ?? 0;
  const own = shows === "before" ? before : after;
  return (
    <div
      className={[styles.side, kind === "same" ? undefined : styles[kind]].filter(Boolean).join(" ")}
      data-current={isCurrent ? "" : undefined}
      onClick={onChoose}
    >
      {shows === "both" ? (
        <span role="cell" className={styles.number}>
          {before}
        </span>
      ) : null}
      <span role="cell" className={styles.number}>
        <button
          type="button"
          tabIndex={-1}
          title="Comment on this line"
          aria-label={`Comment on line ${own ?? number}`}
          onClick={onWrite}
        >
          {own ?? "·"}
        </button>
      </span>
      <span role="cell" className={styles.sign}>
        <span aria-hidden="true">{signs[kind]}</span>
        {kind === "same" ? null : <span className="hidden">{kind}</span>}
      </span>
      <code role="cell">
        <Code cell={cell} tokens={tokens.get(cell.index) ?? noTokens} />
      </code>
    </div>
  );
}
