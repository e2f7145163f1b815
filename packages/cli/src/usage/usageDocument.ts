import { cacheReadShare, totalTokens } from "@claude-orchestrator/domain";
import type { JsonObject, RunId, TokenUsage } from "@claude-orchestrator/domain";
import type { CsvCell } from "./csv.ts";
import type { DearestRequests, DearRequest } from "./dearestRequests.ts";
import type { UsagePeriod } from "./usagePeriod.ts";
import type { Grouping, UsageRow, UsageTable } from "./usageTable.ts";

/** Grows when a reader of the old shape would be misled. */
const usageSchemaVersion = 1;

/** What was asked, and what of the folder is not in the answer. */
export interface UsageFrame {
  readonly period: UsagePeriod;
  readonly demoRunsLeftOut: number;
  readonly skipped: readonly { readonly run: RunId; readonly why: string }[];
}

/** `usage --json`; docs/guide/usage.md describes it. */
export function usageDocument(by: Grouping, table: UsageTable, frame: UsageFrame): JsonObject {
  return { ...head(frame), by, rows: table.rows().map(rowFields), total: rowFields(table.total), ...foot(frame) };
}

/** `usage --top N --json`. */
export function requestsDocument(dearest: DearestRequests, frame: UsageFrame): JsonObject {
  const { requests, costUsd, unpriced } = dearest.seen;
  return {
    ...head(frame),
    requests: dearest.requests.map(requestFields),
    seen: { requests, cost_usd: rounded(costUsd), unpriced },
    ...foot(frame),
  };
}

function head({ period }: UsageFrame): JsonObject {
  const { zone, since = null, until = null } = period;
  return { schema_version: usageSchemaVersion, zone, since, until };
}

function foot({ demoRunsLeftOut, skipped }: UsageFrame): JsonObject {
  return { demo_runs_left_out: demoRunsLeftOut, skipped: skipped.map((each) => ({ ...each })) };
}

function rowFields(row: UsageRow): JsonObject {
  return {
    key: row.key,
    runs: row.runs,
    instances: row.instances,
    attempts: row.attempts,
    failed_attempts: row.failedAttempts,
    open_attempts: row.openAttempts,
    tokens: tokenFields(row.usage),
    totals_are_final: row.isFinal,
    cost_usd: rounded(row.costUsd),
    unpriced: { runs: row.unpriced.runs, tokens: row.unpriced.tokens, models: [...row.unpriced.models] },
    failed_cost_usd: rounded(row.failedCostUsd),
    cache_read_share: cacheReadShare(row.usage) ?? null,
    cache_saved_usd: rounded(row.savedUsd),
    cache_saved_is_complete: row.savedIsKnown,
  };
}

function requestFields(request: DearRequest): JsonObject {
  return {
    run: request.run,
    run_name: request.runName,
    instance: request.instance,
    attempt: request.attempt,
    request: request.request,
    sub_agent: request.subAgent ?? null,
    model: request.model ?? null,
    settled_at: new Date(request.at).toISOString(),
    duration_ms: request.durationMs,
    waited_ms: request.waitedMs ?? null,
    tokens: tokenFields(request.usage),
    cost_usd: rounded(request.costUsd),
    outcome: request.outcome,
    counted: request.counted,
    status: request.status ?? null,
  };
}

function tokenFields(usage: TokenUsage): JsonObject {
  return {
    total: totalTokens(usage),
    input: usage.input,
    output: usage.output,
    cache_read: usage.cacheRead,
    cache_write_5m: usage.cacheWrite5m,
    cache_write_1h: usage.cacheWrite1h,
    reasoning: usage.reasoning,
  };
}

type CsvTable = readonly [titles: readonly string[], rows: readonly (readonly CsvCell[])[]];

/** `usage --csv`: the same figures, flat and without the sum, which a spreadsheet makes itself. */
export function usageCsv(by: Grouping, rows: readonly UsageRow[]): CsvTable {
  const titles = [
    by,
    "runs",
    "instances",
    "attempts",
    "failed_attempts",
    "open_attempts",
    ...tokenTitles,
    "totals_are_final",
    "cost_usd",
    "unpriced_runs",
    "unpriced_tokens",
    "failed_cost_usd",
    "cache_read_share",
    "cache_saved_usd",
  ];
  const cells = rows.map((row) => [
    row.key,
    row.runs,
    row.instances,
    row.attempts,
    row.failedAttempts,
    row.openAttempts,
    ...tokenCells(row.usage),
    row.isFinal,
    rounded(row.costUsd),
    row.unpriced.runs,
    row.unpriced.tokens,
    rounded(row.failedCostUsd),
    shareCell(row.usage),
    rounded(row.savedUsd),
  ]);
  return [titles, cells];
}

/** `usage --top N --csv`. */
export function requestsCsv(requests: readonly DearRequest[]): CsvTable {
  const titles = [
    "cost_usd",
    "run",
    "run_name",
    "instance",
    "attempt",
    "request",
    "sub_agent",
    "model",
    ...tokenTitles,
  ];
  const cells = requests.map((each) => [
    rounded(each.costUsd),
    each.run,
    each.runName,
    each.instance,
    each.attempt,
    each.request,
    each.subAgent,
    each.model,
    ...tokenCells(each.usage),
    new Date(each.at).toISOString(),
    each.durationMs,
    each.waitedMs,
    each.outcome,
    each.counted,
    each.status,
  ]);
  return [[...titles, "settled_at", "duration_ms", "waited_ms", "outcome", "counted", "status"], cells];
}

const tokenTitles = ["tokens", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"];

function tokenCells(usage: TokenUsage): readonly number[] {
  const written = usage.cacheWrite5m + usage.cacheWrite1h;
  return [totalTokens(usage), usage.input, usage.output, usage.cacheRead, written];
}

function shareCell(usage: TokenUsage): number | undefined {
  const share = cacheReadShare(usage);
  return share === undefined ? undefined : rounded(share);
}

/** Sums of dollars are off by the last digits of a float: nobody wants to read those. */
function rounded(amount: number): number {
  return Number(amount.toFixed(9));
}
