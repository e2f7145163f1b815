import { useEffect, useRef } from "react";
import { useParam } from "../../../data/useParam.ts";
import { Button } from "../../../kit/Button.tsx";
import { CopyButton } from "../../../kit/Copy.tsx";
import styles from "./Changes.module.css";
import { DiffLines } from "./DiffLines.tsx";
import type { DiffLinesProps } from "./DiffLines.tsx";
import { Counts } from "./Counts.tsx";

export interface FileChangeProps extends DiffLinesProps {
  readonly isCurrent: boolean;
  readonly isViewed: boolean;
  /** Shown where it would be folded, folded where it would be shown. */
  readonly isTurned: boolean;
  readonly onViewed: () => void;
  readonly onTurn: () => void;
}

/** More than this is shown when it is asked for. */
const mostAtOnce = 800;

const changeWords = { added: "new", removed: "removed", renamed: "renamed", changed: "" } as const;

export function FileChange({ isCurrent, isViewed, isTurned, onViewed, onTurn, ...rest }: FileChangeProps) {
  const { file } = rest;
  const [asked] = useParam("file");
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (asked === file.path) section.current?.scrollIntoView();
    // Once: where one comes by a link to it.
  }, []);
  const isFoldedFirst = isViewed || file.lines.length > mostAtOnce;
  const isOpen = isFoldedFirst === isTurned;
  const words = changeWords[file.change];
  return (
    <section ref={section} id={`file ${file.path}`} className={styles.file} data-current={isCurrent ? "" : undefined}>
      <header className={styles.head}>
        <h2>
          {file.from === undefined ? "" : `${file.from} → `}
          {file.path}
        </h2>
        {words === "" ? null : <span>{words}</span>}
        <Counts insertions={file.insertions} deletions={file.deletions} />
        <CopyButton text={file.path} what={`the path ${file.path}`} />
        <label>
          <input type="checkbox" checked={isViewed} onChange={onViewed} />
          Viewed
        </label>
        {file.lines.length === 0 ? null : (
          <Button tone="quiet" aria-expanded={isOpen} onClick={onTurn}>
            {isOpen ? "Fold" : `Show ${file.lines.length.toLocaleString("en")} lines`}
          </Button>
        )}
      </header>
      {file.isBinary ? <p className={styles.note}>It is no text: its bytes are not shown.</p> : null}
      {file.lines.length === 0 && !file.isBinary ? <p className={styles.note}>Its text is as it was.</p> : null}
      {isOpen && file.lines.length > 0 ? <DiffLines {...rest} /> : null}
    </section>
  );
}
