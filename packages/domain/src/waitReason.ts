import type { InstanceState } from "./instanceState.ts";

/**
 * Why an instance waits: held before it begins or before it is tried again, or in the middle of its work, as its request is held
 * or its agent says. Undefined for one that works, has ended, or waits for nothing but its turn.
 */
export function waitReason({ phase, attempts }: InstanceState): string | undefined {
  if (phase.status === "held" || phase.status === "retrying") return phase.reason;
  const last = attempts.at(-1)?.last;
  return phase.status === "running" && last?.kind === "waiting" ? last.text : undefined;
}
