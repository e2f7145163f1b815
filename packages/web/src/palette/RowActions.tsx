import { useState } from "react";
import { Chooser } from "./Chooser.tsx";
import type { PaletteItem } from "./items.ts";
import { ranked } from "./rank.ts";

export interface RowActionsProps {
  /** The row's name. */
  readonly of: string;
  readonly items: readonly PaletteItem[];
  readonly onClose: () => void;
}

/** What can be done with one row of a list, by the keyboard: found by typing, as in the palette. */
export function RowActions({ of, items, onClose }: RowActionsProps) {
  const [text, setText] = useState("");
  return (
    <Chooser
      title={of}
      label={`Action of ${of}`}
      hint="What to do with it"
      text={text}
      onText={setText}
      items={ranked(items, text)}
      onClose={onClose}
    />
  );
}
