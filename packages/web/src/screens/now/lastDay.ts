import type { RunSummaryDocument } from "@claude-orchestrator/protocol";

/** What began in one hour. */
export interface Hour {
  /** ms since 1970. */
  readonly from: number;
  readonly good: number;
  readonly bad: number;
  /** Those that work still, or were stopped by somebody. */
  readonly other: number;
}

const hourMs = 3_600_000;
const hours = 24;

/** The last 24 whole hours and the one that goes on, oldest first. Pure. */
export function lastDay(
  runs: readonly Pick<RunSummaryDocument, "status" | "created_at">[],
  now: number,
): readonly Hour[] {
  const last = Math.floor(now / hourMs) * hourMs;
  const first = last - (hours - 1) * hourMs;
  const empty = Array.from({ length: hours }, (_, index) => ({
    from: first + index * hourMs,
    good: 0,
    bad: 0,
    other: 0,
  }));
  for (const { status, created_at } of runs) {
    const hour = empty[Math.floor((Date.parse(created_at ?? "") - first) / hourMs)];
    if (hour === undefined) continue;
    if (status === "succeeded") hour.good += 1;
    else if (status === "running" || status === "stopped") hour.other += 1;
    else hour.bad += 1;
  }
  return empty;
}

/** "12 runs in the last 24 hours: 10 succeeded, 2 did not". */
export function dayWords(day: readonly Hour[]): string {
  const sum = (pick: (hour: Hour) => number): number => day.reduce((total, hour) => total + pick(hour), 0);
  const [good, bad, other] = [sum(({ good: n }) => n), sum(({ bad: n }) => n), sum(({ other: n }) => n)];
  const all = good + bad + other;
  if (all === 0) return "No run began in the last 24 hours";
  const parts = [
    `${good} succeeded`,
    bad > 0 ? `${bad} did not` : "",
    other > 0 ? `${other} stopped or still working` : "",
  ];
  return `${all} ${all === 1 ? "run" : "runs"} in the last 24 hours: ${parts.filter((part) => part !== "").join(", ")}`;
}
