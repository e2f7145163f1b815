import { useEffect, useMemo, useRef } from "react";
import { useParam } from "../../../data/useParam.ts";
import { Button } from "../../../kit/Button.tsx";
import { CopyButton } from "../../../kit/Copy.tsx";
import styles from "./Changes.module.css";
import { Counts } from "./Counts.tsx";
import { DiffLines } from "./DiffLines.tsx";
import type { DiffLinesProps } from "./DiffLines.tsx";
import { diffRows } from "./diffRows.ts";
import type { Highlighting } from "./highlighting.ts";
import { ignoringSpace } from "./ignoringSpace.ts";
import { isGenerated } from "./isGenerated.ts";
import type { DiffLine } from "./parseDiff.ts";
import { useLineTokens } from "./useHighlighting.ts";
import { useNear } from "./useNear.ts";

export interface FileChangeProps extends Omit<DiffLinesProps, "rows" | "tokens"> {
  readonly ignoresSpace: boolean;
  readonly highlighting: Highlighting;
  readonly isCurrent: boolean;
  readonly isViewed: boolean;
  /** Shown where it would be folded, folded where it would be shown. */
  readonly isTurned: boolean;
  readonly onViewed: () => void;
  readonly onTurn: () => void;
}

/** More than this is shown when it is asked for. */
const mostAtOnce = 2000;

const changeWords = { added: "new", removed: "removed", renamed: "renamed", changed: "" } as const;

/** A file: its head, and its lines where it is open; a file that is viewed, generated or very long is opened by its reader. */
export function FileChange(props: FileChangeProps) {
  const { isCurrent, isViewed, isTurned, onViewed, onTurn, ignoresSpace, file } = props;
  const [asked] = useParam("file");
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (asked === file.path) section.current?.scrollIntoView();
    // Once: where one comes by a link to it.
  }, []);
  const lines = useMemo(() => (ignoresSpace ? ignoringSpace(file.lines) : file.lines), [file, ignoresSpace]);
  const isMadeByTool = useMemo(() => isGenerated(file), [file]);
  const isOpen = (isViewed || isMadeByTool || lines.length > mostAtOnce) === isTurned;
  const words = [changeWords[file.change], isMadeByTool ? "generated" : ""].filter((word) => word !== "");
  return (
    <section ref={section} id={`file ${file.path}`} className={styles.file} data-current={isCurrent ? "" : undefined}>
      <header className={styles.head}>
        <h2>
          {file.from === undefined ? "" : `${file.from} → `}
          {file.path}
        </h2>
        {words.length === 0 ? null : <span>{words.join(", ")}</span>}
        <Counts insertions={file.insertions} deletions={file.deletions} />
        <CopyButton text={file.path} what={`the path ${file.path}`} />
        <label>
          <input type="checkbox" checked={isViewed} onChange={onViewed} />
          Viewed
        </label>
        {lines.length === 0 ? null : (
          <Button tone="quiet" aria-expanded={isOpen} onClick={onTurn}>
            {isOpen ? "Fold" : `Show ${lines.length.toLocaleString("en")} lines`}
          </Button>
        )}
      </header>
      {lines.length === 0 ? <p className={styles.note}>{emptyWords(file)}</p> : null}
      {isOpen && lines.length > 0 ? <OpenLines {...props} lines={lines} /> : null}
    </section>
  );
}

function emptyWords({ isBinary, lines }: FileChangeProps["file"]): string {
  if (isBinary) return "It is no text: its bytes are not shown.";
  return lines.length === 0 ? "Its text is as it was." : "Only its white space is another.";
}

/** Made when it comes near to where one looks: of many files, few are ever in the document. */
function OpenLines({ lines, ...props }: FileChangeProps & { readonly lines: readonly DiffLine[] }) {
  const { view, file, highlighting } = props;
  const box = useRef<HTMLDivElement>(null);
  const isNear = useNear(box);
  const rows = useMemo(() => diffRows(lines, view), [lines, view]);
  const tokens = useLineTokens(highlighting, file.path, isNear ? lines : noLines);
  return (
    <div ref={box}>
      {isNear ? (
        <DiffLines {...props} rows={rows} tokens={tokens} />
      ) : (
        <div className={styles.unread} style={{ height: `min(70dvh, ${rows.length * 1.25}rem)` }} />
      )}
    </div>
  );
}

const noLines: readonly DiffLine[] = [];
