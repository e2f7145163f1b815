import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { useRunList } from "../data/LiveProvider.tsx";
import { usePutAway, waiting } from "../data/putAway.ts";

/** How many runs work now, and those that need somebody. */
export function useStandings(): { readonly running: number; readonly needing: readonly RunSummaryDocument[] } {
  const runs = useRunList() ?? [];
  return {
    running: runs.filter(({ status }) => status === "running").length,
    needing: waiting(runs, usePutAway()),
  };
}
