import type { InstanceState, RunState } from "@claude-orchestrator/domain";

/** What a run is about now, or why it ended as it did: the cause first. */
export function runSentence(state: RunState): string {
  const { phase, paused } = state;
  const instances = [...state.instances.values()];
  if (phase.status === "settled") return endSentence(phase.outcome, instances);
  if (phase.status === "scheduled") return `Begins at ${new Date(phase.until).toLocaleString()}`;
  if (phase.status === "stopping") return "It is being stopped: what runs is brought to its end";
  if (paused?.cause.kind === "storage") return `Nothing more starts: ${paused.cause.message}`;
  if (paused !== undefined) return "Paused: nothing more starts, what runs goes on to its end";
  const running = named(instances, "running");
  const held = instances.find((each) => each.phase.status === "held");
  const parts = [
    running.length === 0 ? "" : `${list(running)} ${running.length === 1 ? "works" : "work"}`,
    held?.phase.status === "held" ? `${held.name} is held: ${held.phase.reason}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "It is about to begin" : parts.join("; ");
}

function endSentence(outcome: string, instances: readonly InstanceState[]): string {
  if (outcome === "succeeded") return "Everything succeeded";
  const [first, ...more] = instances.flatMap(({ name, phase }) =>
    phase.status === "settled" && phase.verdict !== "succeeded" && phase.verdict !== "skipped"
      ? [`${name}: ${phase.reason}`]
      : [],
  );
  if (first === undefined) return "It was ended before anything failed";
  return more.length === 0 ? first : `${first} (and ${more.length} more)`;
}

function named(instances: readonly InstanceState[], status: string): readonly string[] {
  return instances.filter(({ phase }) => phase.status === status).map(({ name }) => name);
}

const mostNames = 3;

function list(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(", ");
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}
