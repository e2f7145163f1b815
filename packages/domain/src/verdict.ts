/** How an instance ended. `docs/guide/verdicts.md` has the table with the program's exit codes. */
export type Verdict =
  | "succeeded"
  | "failed"
  | "stopped"
  | "timed_out"
  | "budget_exceeded"
  | "rate_limited"
  | "skipped"
  | "incomplete"
  | "blocked";

/** Whether `success_when` was asked and held: `unverified` where nothing was asked. */
export type Verification = "verified" | "unverified" | "refuted";

export const verdicts: readonly Verdict[] = [
  "succeeded",
  "failed",
  "stopped",
  "timed_out",
  "budget_exceeded",
  "rate_limited",
  "skipped",
  "incomplete",
  "blocked",
];
