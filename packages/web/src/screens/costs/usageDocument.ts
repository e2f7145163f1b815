/** What `GET /api/usage` answers, as far as it is shown; docs/guide/usage.md has all of it. */
export interface UsageDocument {
  readonly rows: readonly UsageRow[];
  readonly total: UsageRow;
  readonly demo_runs_left_out: number;
  readonly skipped: readonly SkippedRun[];
}

export interface SkippedRun {
  readonly run: string;
  readonly why: string;
}

export interface UsageRow {
  /** The day, the model, the command …; "" of the total. */
  readonly key: string;
  readonly runs: number;
  readonly attempts: number;
  readonly failed_attempts: number;
  readonly open_attempts: number;
  readonly tokens: { readonly total: number };
  readonly totals_are_final: boolean;
  /** What is known of it. */
  readonly cost_usd: number;
  readonly unpriced: { readonly runs: number; readonly tokens: number; readonly models: readonly string[] };
  readonly failed_cost_usd: number;
  readonly cache_saved_usd: number;
}

export interface RequestsDocument {
  readonly requests: readonly DearRequest[];
  readonly seen: { readonly requests: number; readonly cost_usd: number; readonly unpriced: number };
}

export interface DearRequest {
  readonly run: string;
  readonly run_name: string;
  readonly instance: string;
  readonly attempt: number;
  readonly request: number;
  readonly model: string | null;
  readonly settled_at: string;
  readonly duration_ms: number;
  readonly tokens: { readonly total: number };
  readonly cost_usd: number;
}

export const dimensions = ["model", "agent", "instance", "command"] as const;

export type Dimension = (typeof dimensions)[number];

/** What is not in the figures, or not wholly, a sentence for each. Pure. */
export function gapsOf({ total, demo_runs_left_out, skipped }: UsageDocument): readonly string[] {
  const { unpriced, open_attempts, totals_are_final } = total;
  const models = unpriced.models.length === 0 ? "a model" : unpriced.models.join(", ");
  return [
    unpriced.tokens === 0
      ? undefined
      : `${unpriced.tokens.toLocaleString("en")} tokens of ${counted(unpriced.runs, "run")} have no known price (${models}): they are in no amount of dollars`,
    totals_are_final ? undefined : "An agent ended before it told its own totals: it spent at least that",
    open_attempts === 0
      ? undefined
      : `${counted(open_attempts, "attempt")} not ended yet, or whose end nobody saw: counted as far as told`,
    demo_runs_left_out === 0
      ? undefined
      : `${counted(demo_runs_left_out, "run")} whose model was a stand-in: left out, nothing of it was ever charged`,
    skipped.length === 0 ? undefined : `${counted(skipped.length, "run")} that cannot be read: left out`,
  ].filter((each) => each !== undefined);
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

/** As spreadsheets read it; what they would take for a formula is text. */
export function csvOf(by: string, rows: readonly UsageRow[]): string {
  const head = [by, "runs", "attempts", "failed_attempts", "tokens", "cost_usd", "failed_cost_usd", "unpriced_tokens"];
  const lines = rows.map((row) => [
    row.key,
    row.runs,
    row.attempts,
    row.failed_attempts,
    row.tokens.total,
    row.cost_usd,
    row.failed_cost_usd,
    row.unpriced.tokens,
  ]);
  return `${[head, ...lines].map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function csvCell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
