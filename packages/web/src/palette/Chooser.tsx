import { useId, useRef, useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { useLocation } from "wouter";
import { announce } from "../app/announcer.ts";
import { Dialog } from "../kit/Dialog.tsx";
import { ErrorNote } from "../kit/Notes.tsx";
import { useDoing } from "./doing.ts";
import type { PaletteItem } from "./items.ts";
import styles from "./Palette.module.css";

export interface ChooserProps {
  readonly title: string;
  /** What is typed: its name, and what may be. */
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** What fits the text, best first. */
  readonly items: readonly PaletteItem[];
  readonly onClose: () => void;
  /** For items that open something. */
  readonly onOpen?: (what: NonNullable<PaletteItem["opens"]>) => void;
}

/** One of many by what is typed, done at once: a combobox with a list, as the ARIA practices have it. */
export function Chooser({ title, label, hint, text, onText, items, onClose, onOpen }: ChooserProps) {
  const [at, setAt] = useState(0);
  const [error, setError] = useState<unknown>();
  const [, navigate] = useLocation();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const perform = useDoing();
  const chosen = items[Math.min(at, items.length - 1)];
  const go = async ({ path: to, does, opens }: PaletteItem): Promise<void> => {
    setError(undefined);
    try {
      if (does !== undefined) announce(await perform(does));
      if (opens === undefined) onClose();
      else onOpen?.(opens);
      if (to !== undefined) navigate(to);
    } catch (caught) {
      setError(caught);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      const next = (Math.min(at, items.length - 1) + step + items.length) % items.length;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && chosen !== undefined) {
      event.preventDefault();
      void go(chosen);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} wide>
      <input
        className={styles.field}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen.id}`}
        aria-label={label}
        placeholder={hint}
        data-first-focus=""
        value={text}
        onKeyDown={onKeyDown}
        onChange={({ target }) => {
          onText(target.value);
          setAt(0);
        }}
      />
      <Found list={list} id={id} items={items} chosen={chosen} onChoose={(item) => void go(item)} />
      {error === undefined ? null : <ErrorNote title="That was not done" error={error} />}
      {items.length === 0 ? <p role="status">Nothing is called that.</p> : null}
    </Dialog>
  );
}

interface FoundProps {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly id: string;
  readonly items: readonly PaletteItem[];
  readonly chosen: PaletteItem | undefined;
  readonly onChoose: (item: PaletteItem) => void;
}

function Found({ list, id, items, chosen, onChoose }: FoundProps) {
  return (
    <ul ref={list} id={`${id}-list`} role="listbox" aria-label="Found" className={styles.list}>
      {items.map((item) => (
        <li
          key={item.id}
          id={`${id}-${item.id}`}
          role="option"
          aria-selected={item === chosen}
          className={styles.item}
          onClick={() => onChoose(item)}
        >
          <span className={styles.title}>{item.title}</span>
          <span className={styles.detail}>{item.detail}</span>
        </li>
      ))}
    </ul>
  );
}
