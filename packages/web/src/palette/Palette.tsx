import { useId, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { useLocation } from "wouter";
import { useRunList } from "../data/LiveProvider.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { paletteItems } from "./items.ts";
import type { PaletteItem } from "./items.ts";
import styles from "./Palette.module.css";
import { ranked } from "./rank.ts";

/** Finds places, runs and actions by what is typed: a combobox with a list, as the ARIA practices have it. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [, navigate] = useLocation();
  const runs = useRunList();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const items = useMemo(() => ranked(paletteItems(runs ?? []), text).slice(0, 50), [runs, text]);
  const chosen = items[Math.min(at, items.length - 1)];
  const go = (path: string): void => {
    onClose();
    navigate(path);
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
      go(chosen.path);
    }
  };
  return (
    <Dialog title="Find or do" onClose={onClose} wide>
      <input
        className={styles.field}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen.id}`}
        aria-label="Place, run or action"
        placeholder="A place, a run’s name or id, an action"
        autoFocus
        value={text}
        onKeyDown={onKeyDown}
        onChange={({ target }) => {
          setText(target.value);
          setAt(0);
        }}
      />
      <PaletteList list={list} id={id} items={items} chosen={chosen} onChoose={go} />
      {items.length === 0 ? <p role="status">Nothing is called that.</p> : null}
    </Dialog>
  );
}

interface PaletteListProps {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly id: string;
  readonly items: readonly PaletteItem[];
  readonly chosen: PaletteItem | undefined;
  readonly onChoose: (path: string) => void;
}

function PaletteList({ list, id, items, chosen, onChoose }: PaletteListProps) {
  return (
    <ul ref={list} id={`${id}-list`} role="listbox" aria-label="Found" className={styles.list}>
      {items.map((item) => (
        <li
          key={item.id}
          id={`${id}-${item.id}`}
          role="option"
          aria-selected={item === chosen}
          className={styles.item}
          onClick={() => onChoose(item.path)}
        >
          <span>{item.title}</span>
          <span className={styles.detail}>{item.detail}</span>
        </li>
      ))}
    </ul>
  );
}
