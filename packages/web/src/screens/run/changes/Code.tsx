import { useMemo } from "react";
import styles from "./Changes.module.css";
import { codeParts } from "./codeParts.ts";
import type { LineTokens } from "./codeTokens.ts";
import type { DiffCell } from "./diffRows.ts";
import { wordChanges } from "./wordChanges.ts";

export interface CodeProps {
  readonly cell: DiffCell;
  readonly tokens: LineTokens;
}

/** A line of code: coloured by what its parts are, and what differs from the other side underlined. Text only. */
export function Code({ cell: { line, other }, tokens }: CodeProps) {
  const parts = useMemo(() => {
    const isAdded = line.kind === "added";
    const words =
      other === undefined ? undefined : wordChanges(isAdded ? other : line.text, isAdded ? line.text : other);
    return codeParts(line.text, tokens, (isAdded ? words?.after : words?.before) ?? []);
  }, [line, other, tokens]);
  return parts.map(({ text, kind, isChanged }, index) =>
    kind === undefined && !isChanged ? (
      text
    ) : (
      <span key={index} className={isChanged ? styles.word : undefined} data-token={kind}>
        {text}
      </span>
    ),
  );
}
