import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { Virtualizer } from "virtua";
import type { VirtualizerHandle } from "virtua";
import { Button } from "../../../kit/Button.tsx";
import styles from "./Changes.module.css";
import type { LineComment } from "./followUp.ts";
import type { DiffFile, DiffLine } from "./parseDiff.ts";

export interface DiffLinesProps {
  readonly file: DiffFile;
  /** The line one is on, by place in the list. */
  readonly at: number | undefined;
  /** Where a comment is being written. */
  readonly writingAt: number | undefined;
  readonly comments: readonly LineComment[];
  readonly onAt: (index: number) => void;
  readonly onWrite: (index: number | undefined) => void;
  readonly onComment: (comment: LineComment) => void;
  readonly onRemove: (comment: LineComment) => void;
}

const page = 20;

/** One stop for Tab: arrows go from line to line, `c` comments on the one that one is on, as does a click on its number. */
export function DiffLines(props: DiffLinesProps) {
  const { file, at, onAt, onWrite } = props;
  const list = useRef<VirtualizerHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(file.lines.length - 1, to));
    onAt(next);
    list.current?.scrollToIndex(next, { align: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const from = at ?? -1;
    const to = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: file.lines.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  return (
    <div
      ref={box}
      className={styles.lines}
      tabIndex={0}
      role="group"
      aria-label={`Lines of ${file.path}. Arrows go from line to line, c comments`}
      aria-describedby={at === undefined ? undefined : `at ${file.path}`}
      onKeyDown={onKeyDown}
    >
      {at === undefined ? null : (
        <span id={`at ${file.path}`} className="hidden" aria-live="polite">
          {lineWords(file.lines[at])}
        </span>
      )}
      <Virtualizer ref={list} data={file.lines} keepMounted={at === undefined ? [] : [at]}>
        {(line, index) => (
          <Line
            key={index}
            {...props}
            line={line}
            index={index}
            onChoose={() => onAt(index)}
            onClose={() => {
              onWrite(undefined);
              box.current?.focus();
            }}
          />
        )}
      </Virtualizer>
    </div>
  );
}

function lineWords(line: DiffLine | undefined): string {
  if (line === undefined) return "";
  const number = line.after ?? line.before;
  return `${line.kind === "same" ? "" : `${line.kind} `}${number === undefined ? "" : `line ${number}: `}${line.text}`;
}

const signs = { same: " ", added: "+", removed: "−", hunk: "" } as const;

interface LineProps extends DiffLinesProps {
  readonly line: DiffLine;
  readonly index: number;
  readonly onChoose: () => void;
  readonly onClose: () => void;
}

function Line({
  line,
  index,
  at,
  writingAt,
  file,
  comments,
  onChoose,
  onWrite,
  onClose,
  onComment,
  onRemove,
}: LineProps) {
  const { before, after, text } = line;
  const number = after ?? before;
  const side = after === undefined ? "before" : "after";
  const own = comments.filter((comment) => comment.line === number && comment.side === side);
  return (
    <div>
      <Row line={line} isCurrent={index === at} onChoose={onChoose} onWrite={() => onWrite(index)} />
      {own.map((comment) => (
        <div key={comment.text} className={styles.comment}>
          {comment.text}
          <span className={styles.buttons}>
            <Button tone="quiet" onClick={() => onRemove(comment)}>
              Remove
            </Button>
          </span>
        </div>
      ))}
      {index === writingAt && number !== undefined ? (
        <CommentForm
          label={`Comment on line ${number} of ${file.path}`}
          onClose={onClose}
          onSave={(written) => onComment({ path: file.path, line: number, side, code: text, text: written })}
        />
      ) : null}
    </div>
  );
}

interface RowProps {
  readonly line: DiffLine;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
  readonly onWrite: () => void;
}

function Row({ line: { kind, before, after, text }, isCurrent, onChoose, onWrite }: RowProps) {
  const number = after ?? before;
  return (
    <div
      className={[styles.row, kind === "same" ? undefined : styles[kind]].filter(Boolean).join(" ")}
      data-current={isCurrent ? "" : undefined}
      onClick={onChoose}
    >
      <span className={styles.number}>{before}</span>
      {number === undefined ? (
        <span />
      ) : (
        <button
          type="button"
          tabIndex={-1}
          className={styles.number}
          title="Comment on this line"
          aria-label={`Comment on line ${number}`}
          onClick={onWrite}
        >
          {after ?? "·"}
        </button>
      )}
      <span aria-hidden="true">{signs[kind]}</span>
      <code>{kind === "hunk" ? `⋯ ${text}` : text}</code>
    </div>
  );
}

interface CommentFormProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly onSave: (text: string) => void;
}

function CommentForm({ label, onClose, onSave }: CommentFormProps) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const save = (): void => {
    if (text.trim() !== "") onSave(text);
  };
  return (
    <form
      className={styles.comment}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      }}
    >
      <textarea ref={field} aria-label={label} value={text} onChange={({ target }) => setText(target.value)} />
      <span className={styles.buttons}>
        <Button tone="primary" type="submit" disabled={text.trim() === ""}>
          Add the comment
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </span>
    </form>
  );
}
