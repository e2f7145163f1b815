import { longestDurationMs, parseDuration } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import type { Path } from "../source/sourceNode.ts";

/** Milliseconds of a written duration; one that is too long, or zero where that means nothing, is reported. */
export function toMilliseconds(
  written: string | number,
  path: Path,
  reporter: Reporter,
  allowed: "from-zero" | "above-zero",
): number {
  const ms = parseDuration(written);
  if (ms === undefined) {
    const years = longestDurationMs / 86_400_000 / 365;
    reporter.at(path, `this duration is longer than ${years} years`);
    return 0;
  }
  if (ms === 0 && allowed === "above-zero") {
    reporter.at(path, "this time must be longer than nothing", { hint: "leave it out for no limit" });
  }
  return ms;
}
