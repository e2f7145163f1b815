import { announce } from "../../app/announcer.ts";
import type { FoldedRun } from "../../data/runFold.ts";
import { useParam } from "../../data/useParam.ts";
import { runKeys } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { runTabs } from "./tabs.ts";

/** The keys of a run, whichever tab is shown. */
export function useRunKeys(id: string, { state }: FoldedRun, setTab: (tab: string) => void): void {
  const [instance, setInstance] = useParam("instance");
  const [, ask] = useParam("do");
  const failed = [...(state?.instances.values() ?? [])]
    .filter(({ phase }) => phase.status === "settled" && !["succeeded", "skipped"].includes(phase.verdict))
    .map(({ name }) => name);
  const toFailure = (step: number): void => {
    const at = failed.indexOf(instance);
    const next = failed.at(at === -1 ? (step > 0 ? 0 : -1) : (at + step) % failed.length);
    if (next === undefined) announce("Nothing has failed");
    else setInstance(next);
  };
  useKeys({
    ...Object.fromEntries(runTabs.map(({ name }, index) => [String(index + 1), () => setTab(name)])),
    [runKeys.nextFailure.keys]: () => toFailure(1),
    [runKeys.previousFailure.keys]: () => toFailure(-1),
    [runKeys.stop.keys]: () => ask("stop"),
    [runKeys.copyLink.keys]: () => void copy(location.href, "The link is copied"),
    [runKeys.copyCommand.keys]: () => void copy(`claude-orchestrator show ${id}`, "The command is copied"),
  });
}

async function copy(text: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  announce(said);
}
