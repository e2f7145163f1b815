import type { LoggedEvent } from "@claude-orchestrator/domain";

/** Events that were read before and those that are told now, each once, in order. Both are without a gap, or nearly so. */
export function joinEvents(earlier: readonly LoggedEvent[], newest: readonly LoggedEvent[]): readonly LoggedEvent[] {
  const last = earlier.at(-1)?.seq;
  if (last === undefined) return newest;
  const from = newest.findIndex(({ seq }) => seq > last);
  return from === -1 ? earlier : [...earlier, ...newest.slice(from)];
}
