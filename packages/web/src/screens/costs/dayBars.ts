import { dayAfter, daysBetween, isDay } from "../../data/days.ts";
import type { UsageRow } from "./usageDocument.ts";

/** Ranges one chooses by a word; anything else is by its days. */
export const ranges = ["7d", "30d", "90d", "all"] as const;

/** Days as ISO dates, both of them included. */
export interface Period {
  /** Undefined: from the first on. */
  readonly from: string | undefined;
  /** Undefined: up to today. */
  readonly to: string | undefined;
}

/** What the address says of the time, whatever it is; what it makes no sense of is the last 30 days. Pure. */
export function periodOf(since: string, until: string, today: string): Period {
  const to = isDay(until) ? until : undefined;
  if (since === "all") return { from: undefined, to };
  if (isDay(since)) return { from: since, to };
  const days = Number(/^(\d{1,4})d$/.exec(since)?.[1] ?? 30);
  return { from: dayAfter(to ?? today, 1 - Math.max(1, days)), to };
}

export interface DayBar {
  readonly day: string;
  readonly total: number;
  /** In the order of `series`. */
  readonly parts: readonly { readonly name: string; readonly cost: number }[];
}

export const series = ["the rest", "on what did not succeed"] as const;

/** More than this nobody counts by looking: the newest are shown. */
export const mostBars = 400;

/** A bar for each day of the time up to `today`, empty ones as well, parted by what did not succeed. Pure. */
export function barsByDay(rows: readonly UsageRow[], period: Period, today: string): readonly DayBar[] {
  const byDay = new Map(rows.map((row) => [row.key, row]));
  const last = period.to ?? today;
  const first = period.from ?? rows.map(({ key }) => key).toSorted()[0] ?? last;
  const days = Math.min(mostBars, daysBetween(first, last));
  return Array.from({ length: Math.max(0, days) }, (_, index) => {
    const day = dayAfter(last, index + 1 - days);
    const { cost_usd: total = 0, failed_cost_usd: failed = 0 } = byDay.get(day) ?? {};
    const parts = [total - failed, failed].map((cost, part) => ({ name: series[part] ?? "", cost: Math.max(0, cost) }));
    return { day, total, parts };
  });
}

/** What stands under the nth bar of so many; undefined where there is no room for it. Pure. */
export function dayLabel(day: string, index: number, count: number): string | undefined {
  const isFew = count <= mostNamed;
  if (!isFew && index % 7 !== 0) return undefined;
  const isNewMonth = index === 0 || day.endsWith("-01");
  const [month, date] = monthDay.format(Date.parse(day)).split(" ");
  if (!isFew) return `${month} ${date}`;
  return isNewMonth ? `${date}\n${month}` : date;
}

/** Each of so many bars has room for its day. */
export const mostNamed = 31;

const monthDay = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" });
