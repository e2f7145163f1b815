import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { places } from "../app/places.ts";
import { stateWord } from "../kit/StateMark.tsx";

export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  /** Said beside it, and searched as well. */
  readonly detail: string;
  readonly path: string;
}

/** Everything that can be gone to, and what can be done to runs that go on: done where it leads to, after a question. */
export function paletteItems(runs: readonly RunSummaryDocument[]): readonly PaletteItem[] {
  const goTo = places.map(({ path, title, keys }) => ({ id: `place${path}`, title, detail: keys, path }));
  const open = runs.map(({ run, name, status }) => ({
    id: run,
    title: name ?? run,
    detail: `${run} ${stateWord(status)}`,
    path: `/runs/${run}`,
  }));
  const stop = runs
    .filter(({ status }) => status === "running")
    .map(({ run, name }) => ({
      id: `stop-${run}`,
      title: `Stop ${name ?? run}`,
      detail: `${run} asks first`,
      path: `/runs/${run}?do=stop`,
    }));
  return [...goTo, ...stop, ...open];
}
