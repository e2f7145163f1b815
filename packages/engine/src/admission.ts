import type { Verdict } from "@claude-orchestrator/domain";

/** What budgets and usage windows say to a start: refused for good, held for a while (or until nothing else runs), or free to go. */
export type Admission =
  | { readonly is: "free" }
  | { readonly is: "refused"; readonly verdict: Verdict; readonly reason: string }
  | { readonly is: "held"; readonly reason: string; readonly freesInMs: number | undefined };
