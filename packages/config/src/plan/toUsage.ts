import { defaultUsagePolicy, type UsagePolicy } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import { filled } from "../filled.ts";
import type { FileFields } from "../schema/fileSchema.ts";
import { toMilliseconds } from "./durations.ts";

/** How usage windows are kept; undefined where the file says nothing of it. */
export function toUsage(file: FileFields, reporter: Reporter): UsagePolicy | undefined {
  const { on_limit: onLimit, limit_wait_max: waitMax, usage_reserve: reserve } = filled(file);
  if (onLimit === undefined && waitMax === undefined && reserve === undefined) return undefined;
  if (onLimit === "fail" && waitMax !== undefined && reserve === undefined) {
    const hint = "leave one of them out";
    reporter.at(["limit_wait_max"], "with `on_limit: fail` nothing waits", { atKey: true, hint });
  }
  const waitMaxMs =
    waitMax === undefined ? undefined : toMilliseconds(waitMax, ["limit_wait_max"], reporter, "above-zero");
  return { ...defaultUsagePolicy, ...filled({ onLimit, waitMaxMs, reserve }) };
}
