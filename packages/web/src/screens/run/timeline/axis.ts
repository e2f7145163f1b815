import { zoneOffset } from "../../../data/zoneOffset.ts";
import type { TimeRange } from "./timeRange.ts";

export interface Tick {
  /** ms since 1970. */
  readonly at: number;
  readonly label: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** What a clock has marks at. */
const steps = [
  10,
  20,
  50,
  100,
  200,
  500,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
] as const;

/**
 * Marks of a clock within the range, at most so many, at whole steps of the day of whoever looks.
 *
 * @param zone an IANA name; without it, the zone of the browser
 */
export function axisTicks({ from, to }: TimeRange, most: number, zone?: string): readonly Tick[] {
  const step = steps.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most / day) * day;
  const words = labelFormat(step, zone);
  const offset = zoneOffset(from, zone);
  const ticks: Tick[] = [];
  for (let at = Math.ceil((from + offset) / step) * step - offset; at <= to && ticks.length < most; at += step) {
    ticks.push({ at, label: words.format(at) });
  }
  return ticks;
}

function labelFormat(step: number, zone: string | undefined): Intl.DateTimeFormat {
  const usual = { hourCycle: "h23", ...(zone === undefined ? {} : { timeZone: zone }) } as const;
  if (step >= day) return new Intl.DateTimeFormat("en", { ...usual, month: "short", day: "numeric" });
  const time = { ...usual, hour: "2-digit", minute: "2-digit" } as const;
  if (step >= minute) return new Intl.DateTimeFormat("en", time);
  const seconds = { ...time, second: "2-digit" } as const;
  return new Intl.DateTimeFormat("en", step >= second ? seconds : { ...seconds, fractionalSecondDigits: 2 });
}
