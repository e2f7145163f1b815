import type { InstanceState, RunState } from "@claude-orchestrator/domain";

/** Why a run waits for somebody, in a sentence; what is to be decided stands in the inbox. */
export function whyItNeedsSomebody(status: string, state: RunState | undefined): string {
  if (status === "interrupted") return "Nobody supervises it any more: go on with it, or end what is left";
  const worst = [...(state?.instances.values() ?? [])].find(({ phase }) => {
    return phase.status === "settled" && phase.verdict !== "succeeded" && phase.verdict !== "skipped";
  });
  return worst?.phase.status === "settled" ? `${worst.name}: ${worst.phase.reason}` : "Something in it did not succeed";
}

/** The newest thing that any of its instances said or did. */
export function lastWords(state: RunState): string {
  const working = [...state.instances.values()].filter(({ phase }) => phase.status === "running");
  const newest = working
    .map((instance) => ({ name: instance.name, attempt: instance.attempts.at(-1) }))
    .filter(({ attempt }) => attempt?.last !== undefined)
    .toSorted((a, b) => (b.attempt?.plannedAt ?? 0) - (a.attempt?.plannedAt ?? 0))[0];
  if (newest?.attempt?.last === undefined) return working.length === 0 ? "" : `${working[0]?.name ?? ""} works`;
  return `${newest.name}: ${firstLine(newest.attempt.last.text)}`;
}

/** ", 3 files changed (+120 −30)" over all folders of its own; "" where nothing is known to have changed. */
export function changedWords(state: RunState): string {
  const changes = [...state.instances.values()].flatMap((instance: InstanceState) => instance.changes ?? []);
  const files = changes.reduce((sum, change) => sum + change.files, 0);
  if (files === 0) return "";
  const insertions = changes.reduce((sum, change) => sum + change.insertions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  return `, ${files} ${files === 1 ? "file" : "files"} changed (+${insertions} −${deletions})`;
}

const longestLine = 160;

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}
