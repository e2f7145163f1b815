import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { useLive, useRunList } from "../data/LiveProvider.tsx";
import { useSettings } from "../settings/SettingsProvider.tsx";
import { Chooser } from "./Chooser.tsx";
import type { ChooserProps } from "./Chooser.tsx";
import { paletteItems, pastedItem } from "./items.ts";
import type { PaletteItem } from "./items.ts";
import { ranked } from "./rank.ts";
import { recentRuns, runOf } from "./recentRuns.ts";
import { settingItems } from "./settingItems.ts";

/** More than fits is found by typing. */
const mostItems = 50;

/** Finds places, runs, actions and settings by what is typed. */
export function Palette({ onClose, onOpen }: Pick<ChooserProps, "onClose" | "onOpen">) {
  const [text, setText] = useState("");
  return (
    <Chooser
      title="Find or do"
      label="Place, run or action"
      hint="A place, a run’s name or id, an action, a setting"
      text={text}
      onText={setText}
      items={useItems(text)}
      onClose={onClose}
      {...(onOpen === undefined ? {} : { onOpen })}
    />
  );
}

/** What fits, best first; what was pasted before it. */
function useItems(text: string): readonly PaletteItem[] {
  const [path] = useLocation();
  const [base] = useState(() => document.baseURI);
  const runs = useRunList();
  const live = useLive();
  const [{ keys }] = useSettings();
  return useMemo(() => {
    const run = runOf(path);
    const focused = run === undefined ? undefined : { run, state: live.state.folded.get(run)?.state };
    const all = [...paletteItems({ runs: runs ?? [], focused, recent: recentRuns(), keys }), ...settingItems];
    return [...pastedItem(text, base), ...ranked(all, text)].slice(0, mostItems);
  }, [runs, live, path, base, text, keys]);
}
