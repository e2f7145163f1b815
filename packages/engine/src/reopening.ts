import type { RunState } from "@claude-orchestrator/domain";
import type { ResolvedNeed } from "./needs.ts";

/** What is wanted again, or the sentence that says why it cannot be. */
export type Reopening = { readonly names: readonly string[] } | { readonly problem: string };

/**
 * The settled instances that wait anew when these are wanted again: they, and all that was skipped for their sake, however
 * far down. What has run stays as it ended.
 */
export function reopening(
  state: RunState,
  needs: ReadonlyMap<string, readonly ResolvedNeed[]>,
  wanted: readonly string[] | "failed",
): Reopening {
  const names = wanted === "failed" ? failedOnes(state) : wanted;
  const problem = names.map((name) => whyNot(state, name)).find((why) => why !== undefined);
  if (problem !== undefined) return { problem };
  if (names.length === 0) return { problem: "nothing has failed, so there is nothing to try again" };
  const chosen = new Set(names);
  for (let before = 0; before !== chosen.size;) {
    before = chosen.size;
    for (const [name, ofInstance] of needs) {
      if (isSkipped(state, name) && ofInstance.some(({ whole }) => whole.some((need) => chosen.has(need.name)))) {
        chosen.add(name);
      }
    }
  }
  return { names: state.plan.instances.map(({ name }) => name).filter((name) => chosen.has(name)) };
}

function failedOnes(state: RunState): readonly string[] {
  return [...state.instances.values()]
    .filter(({ phase }) => phase.status === "settled" && phase.verdict !== "succeeded" && phase.verdict !== "skipped")
    .map(({ name }) => name);
}

function whyNot(state: RunState, name: string): string | undefined {
  const phase = state.instances.get(name)?.phase;
  if (phase === undefined) return `there is no instance \`${name}\` in this run`;
  return phase.status === "settled" ? undefined : `\`${name}\` has not ended yet, so it cannot be tried again`;
}

function isSkipped(state: RunState, name: string): boolean {
  const phase = state.instances.get(name)?.phase;
  return phase?.status === "settled" && phase.verdict === "skipped";
}
