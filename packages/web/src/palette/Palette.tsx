import { useId, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { useLocation } from "wouter";
import { announce } from "../app/announcer.ts";
import { useLive, useRunList } from "../data/LiveProvider.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { ErrorNote } from "../kit/Notes.tsx";
import { doAction } from "./doAction.ts";
import { paletteItems, pastedItem } from "./items.ts";
import type { PaletteItem } from "./items.ts";
import styles from "./Palette.module.css";
import { ranked } from "./rank.ts";
import { recentRuns, runOf } from "./recentRuns.ts";

/** More than fits is found by typing. */
const mostItems = 50;

/** Finds places, runs and actions by what is typed: a combobox with a list, as the ARIA practices have it. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [error, setError] = useState<unknown>();
  const [, navigate] = useLocation();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const items = useItems(text);
  const chosen = items[Math.min(at, items.length - 1)];
  const go = async ({ path: to, does }: PaletteItem): Promise<void> => {
    setError(undefined);
    try {
      if (does === undefined) navigate(to);
      else announce(await doAction(does));
      onClose();
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
    <Dialog title="Find or do" onClose={onClose} wide>
      <input
        className={styles.field}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen.id}`}
        aria-label="Place, run or action"
        placeholder="A place, a run’s name or id, an action"
        data-first-focus=""
        value={text}
        onKeyDown={onKeyDown}
        onChange={({ target }) => {
          setText(target.value);
          setAt(0);
        }}
      />
      <PaletteList list={list} id={id} items={items} chosen={chosen} onChoose={(item) => void go(item)} />
      {error === undefined ? null : <ErrorNote title="That was not done" error={error} />}
      {items.length === 0 ? <p role="status">Nothing is called that.</p> : null}
    </Dialog>
  );
}

/** What fits, best first; what was pasted before it. */
function useItems(text: string): readonly PaletteItem[] {
  const [path] = useLocation();
  const [base] = useState(() => document.baseURI);
  const runs = useRunList();
  const live = useLive();
  return useMemo(() => {
    const run = runOf(path);
    const focused = run === undefined ? undefined : { run, state: live.state.folded.get(run)?.state };
    const all = paletteItems({ runs: runs ?? [], focused, recent: recentRuns() });
    return [...pastedItem(text, base), ...ranked(all, text)].slice(0, mostItems);
  }, [runs, live, path, base, text]);
}

interface PaletteListProps {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly id: string;
  readonly items: readonly PaletteItem[];
  readonly chosen: PaletteItem | undefined;
  readonly onChoose: (item: PaletteItem) => void;
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
          onClick={() => onChoose(item)}
        >
          <span>{item.title}</span>
          <span className={styles.detail}>{item.detail}</span>
        </li>
      ))}
    </ul>
  );
}
