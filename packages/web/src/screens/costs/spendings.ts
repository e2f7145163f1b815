import { totalTokens } from "@claude-orchestrator/domain";
import type { AttemptState, InstancePlan, ModelSpending, RunState } from "@claude-orchestrator/domain";

/** What one attempt spent with one model. */
export interface SpendingRow {
  /** ms since 1970: when it began. */
  readonly at: number;
  readonly run: string;
  readonly runName: string;
  readonly instance: string;
  readonly agent: string;
  readonly model: string;
  /** The slash command or short prompt it counts under; "" where there is none. */
  readonly command: string;
  readonly tokens: number;
  /** Dollars; undefined where no price is known. */
  readonly cost: number | undefined;
  /** True where its instance has not succeeded by it. */
  readonly isFailed: boolean;
}

export const dimensions = ["model", "agent", "instance", "command", "run"] as const;

export type Dimension = (typeof dimensions)[number];

/** Every attempt of a run that spent something, a row for each of its models. Pure. */
export function spendingsOf(state: RunState): readonly SpendingRow[] {
  const plans = new Map(state.plan.instances.map((each) => [each.name, each]));
  return [...state.instances.values()].flatMap(({ name, attempts, phase }) => {
    const hasSucceeded = phase.status === "settled" && phase.verdict === "succeeded";
    const isOpen = phase.status !== "settled";
    return attempts.flatMap((attempt, index) => {
      const isLast = index === attempts.length - 1;
      const isFailed = isLast ? !hasSucceeded && !isOpen : true;
      return rowsOf(state, plans.get(name), attempt).map((row) => ({ ...row, instance: name, isFailed }));
    });
  });
}

type AttemptRow = Omit<SpendingRow, "instance" | "isFailed">;

function rowsOf(state: RunState, plan: InstancePlan | undefined, attempt: AttemptState): readonly AttemptRow[] {
  const { spent, plannedAt, agent, model } = attempt;
  const common = {
    at: plannedAt,
    run: state.id,
    runName: state.plan.name,
    agent,
    command: plan?.commandKey ?? "",
  };
  const models = Object.entries(spent.byModel);
  if (models.length > 0) return models.map(([name, each]) => ({ ...common, model: name, ...amounts(each) }));
  if (totalTokens(spent.usage) === 0 && (spent.costUsd ?? 0) === 0) return [];
  return [{ ...common, model: model ?? "unknown", tokens: totalTokens(spent.usage), cost: spent.costUsd }];
}

function amounts({ usage, costUsd }: ModelSpending): Pick<SpendingRow, "tokens" | "cost"> {
  return { tokens: totalTokens(usage), cost: costUsd };
}

export interface SpendingSum {
  readonly name: string;
  readonly tokens: number;
  /** Dollars, of what has a known price. */
  readonly cost: number;
  /** True where something in it has no known price. */
  readonly isBound: boolean;
  readonly failedCost: number;
  readonly attempts: number;
}

/** Sums by one of the dimensions, the dearest first. Pure. */
export function sumsBy(rows: readonly SpendingRow[], dimension: Dimension): readonly SpendingSum[] {
  const groups = Map.groupBy(rows, (row) => nameOf(row, dimension));
  return [...groups]
    .map(([name, group]) => sumOf(name, group))
    .toSorted((a, b) => b.cost - a.cost || b.tokens - a.tokens);
}

export function sumOf(name: string, rows: readonly SpendingRow[]): SpendingSum {
  return {
    name,
    tokens: rows.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: rows.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    isBound: rows.some(({ cost, tokens }) => cost === undefined && tokens > 0),
    failedCost: rows.reduce((sum, { cost, isFailed }) => sum + (isFailed ? (cost ?? 0) : 0), 0),
    attempts: rows.length,
  };
}

function nameOf(row: SpendingRow, dimension: Dimension): string {
  if (dimension === "run") return `${row.runName} ${row.run}`;
  return row[dimension] === "" ? "none" : row[dimension];
}

export interface DayBar {
  /** ISO date in the zone of whoever looks. */
  readonly day: string;
  readonly total: number;
  /** In the order of `series`. */
  readonly parts: readonly { readonly name: string; readonly cost: number }[];
}

/** So many have a colour of their own; the rest is one. */
const mostSeries = 5;

/**
 * A bar for each of so many days up to now, empty ones as well; its parts by the dimension. Pure.
 *
 * @param dayOf the ISO date of a moment, in the zone of whoever looks
 */
export function barsByDay(
  rows: readonly SpendingRow[],
  dimension: Dimension,
  { now, days, dayOf }: { readonly now: number; readonly days: number; readonly dayOf: (at: number) => string },
): { readonly series: readonly string[]; readonly bars: readonly DayBar[] } {
  const names = sumsBy(rows, dimension).map(({ name }) => name);
  const own = names.slice(0, mostSeries);
  const series = names.length > mostSeries ? [...own, "others"] : own;
  const byDay = Map.groupBy(rows, ({ at }) => dayOf(at));
  const bars = daysUntil(dayOf(now), days).map((day) => {
    const ofDay = byDay.get(day) ?? [];
    const parts = series.map((name, index) => {
      const isRest = index === mostSeries;
      const mine = ofDay.filter((row) =>
        isRest ? !own.includes(nameOf(row, dimension)) : nameOf(row, dimension) === name,
      );
      return { name, cost: sumOf(name, mine).cost };
    });
    return { day, total: parts.reduce((sum, { cost }) => sum + cost, 0), parts };
  });
  return { series, bars };
}

function daysUntil(last: string, days: number): readonly string[] {
  const to = Date.parse(last);
  return Array.from({ length: days }, (_, index) => {
    return new Date(to - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10);
  });
}

/** As spreadsheets read it; what they would take for a formula is text. */
export function csvOf(rows: readonly SpendingRow[]): string {
  const head = "time,run,run_name,instance,agent,model,command,tokens,cost_usd,failed";
  const lines = rows.map(({ at, run, runName, instance, agent, model, command, tokens, cost, isFailed }) =>
    [new Date(at).toISOString(), run, runName, instance, agent, model, command, tokens, cost ?? "", isFailed]
      .map(csvCell)
      .join(","),
  );
  return `${[head, ...lines].join("\r\n")}\r\n`;
}

function csvCell(value: string | number | boolean): string {
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
