import { announce } from "../../app/announcer.ts";
import type { FoldedRun } from "../../data/runFold.ts";
import { useAddress } from "../../data/useAddress.ts";
import { useParam } from "../../data/useParam.ts";
import { runKeys } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { runTabs } from "./tabs.ts";

/** The keys of a run, whichever tab is shown. */
export function useRunKeys({ state }: FoldedRun, setTab: (tab: string) => void): void {
  const [instance] = useParam("instance");
  const { go } = useAddress();
  const [, ask] = useParam("do");
  const failed = [...(state?.instances.values() ?? [])]
    .filter(({ phase }) => phase.status === "settled" && !["succeeded", "skipped"].includes(phase.verdict))
    .map(({ name }) => name);
  const all = [...(state?.instances.keys() ?? [])];
  // A line, an attempt and a file are of the instance before.
  const show = (name: string): void => {
    go({ instance: name, attempt: undefined, line: undefined, file: undefined });
    announce(name);
  };
  const step = (by: number): void => {
    const next = neighbour(all, instance, by);
    if (next !== undefined) show(next);
  };
  const toFailure = (by: number): void => {
    const next = neighbour(failed, instance, by);
    if (next === undefined) announce("Nothing has failed");
    else show(next);
  };
  useKeys({
    ...Object.fromEntries(runTabs.map(({ name }, index) => [String(index + 1), () => setTab(name)])),
    [runKeys.nextFailure.keys]: () => toFailure(1),
    [runKeys.previousFailure.keys]: () => toFailure(-1),
    [runKeys.stop.keys]: () => ask("stop"),
    [runKeys.nextInstance.keys]: () => step(1),
    [runKeys.previousInstance.keys]: () => step(-1),
  });
}

/** The one after or before, round and round; the first or the last where it is none of them. */
function neighbour(names: readonly string[], name: string, by: number): string | undefined {
  const at = names.indexOf(name);
  if (at === -1) return names.at(by > 0 ? 0 : -1);
  return names.at((at + by) % names.length);
}
