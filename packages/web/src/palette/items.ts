import type { RunState } from "@claude-orchestrator/domain";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { places } from "../app/places.ts";
import { stateWord } from "../kit/StateMark.tsx";
import { possibleActions } from "../screens/run/possibleActions.ts";
import type { RunAction } from "../screens/run/possibleActions.ts";
import type { Doing } from "./doing.ts";
import { pasted } from "./pasted.ts";

export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  /** Said beside it, and searched as well. */
  readonly detail: string;
  /** Where it leads; what ends something is asked about there. */
  readonly path?: string;
  /** Done at once, before that. */
  readonly does?: Doing;
  /** Shown instead. */
  readonly opens?: "settings" | "keys";
}

/** What the palette knows when it is opened. */
export interface PaletteFacts {
  readonly runs: readonly RunSummaryDocument[];
  /** The run that is looked at, as far as it is known. */
  readonly focused?: { readonly run: string; readonly state: RunState | undefined } | undefined;
  /** Ids of runs that were looked at, the newest first. */
  readonly recent: readonly string[];
  /** What is pressed instead of the keys of the table. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** What the sentence that offers it begins with. */
export const actionWords: Readonly<Record<Exclude<RunAction, "stop">, string>> = {
  resume: "Resume",
  pause: "Pause",
  unpause: "Let go on",
  retry: "Retry what failed in",
};

/** What can be done to the run that is looked at, what was looked at, everything that can be gone to, and what can be stopped. */
export function paletteItems({ runs, focused, recent, keys: own = {} }: PaletteFacts): readonly PaletteItem[] {
  const goTo = places.map(({ path, title, keys }) => ({
    id: `place${path}`,
    title,
    detail: own[keys] ?? keys,
    path,
  }));
  const newSchedule = {
    id: "new-schedule",
    title: "New schedule",
    detail: "again and again",
    path: "/schedules?form=new",
  };
  const known = new Map(runs.map((run) => [run.run, run]));
  const looked = recent.flatMap((run) => known.get(run) ?? []).filter(({ run }) => run !== focused?.run);
  const others = runs.filter(({ run }) => !recent.includes(run) || run === focused?.run);
  const stop = runs
    .filter(({ status }) => status === "running")
    .map(({ run, name }) => ({
      id: `stop-${run}`,
      title: `Stop ${name ?? run}`,
      detail: `${run} asks first`,
      path: `/runs/${run}?do=stop`,
    }));
  return [
    ...ofFocused(focused, known),
    ...looked.map(openItem),
    ...goTo,
    newSchedule,
    ...stop,
    ...others.map(openItem),
  ];
}

/** What was typed may itself be an address or an id: it comes first. Pure. */
export function pastedItem(text: string, base: string): readonly PaletteItem[] {
  const path = pasted(text, base);
  return path === undefined ? [] : [{ id: "pasted", title: `Open ${path}`, detail: "as pasted", path }];
}

function openItem({ run, name, status }: RunSummaryDocument): PaletteItem {
  return { id: run, title: name ?? run, detail: `${run} ${stateWord(status)}`, path: `/runs/${run}` };
}

function ofFocused(
  focused: PaletteFacts["focused"],
  known: ReadonlyMap<string, RunSummaryDocument>,
): readonly PaletteItem[] {
  if (focused?.state === undefined) return [];
  const { run, state } = focused;
  const isInterrupted = known.get(run)?.status === "interrupted";
  return possibleActions(state, isInterrupted).flatMap((action): readonly PaletteItem[] => {
    if (action === "stop") return [];
    const title = `${actionWords[action]} ${state.plan.name}`;
    return [{ id: `${action}-${run}`, title, detail: "this run, at once", does: { kind: "run", action, run } }];
  });
}
