/** The calendar day of a time in a zone, in ms since 1970. Days of 23 and 25 hours are as long as they are. */
export interface CalendarDay {
  readonly start: number;
  /** Of the next one. */
  readonly end: number;
}

const hour = 3_600_000;

/** @param zone as IANA names it; throws a RangeError for what is none */
export function calendarDay(at: number, zone: string): CalendarDay {
  const dayOf = dayIn(zone);
  const today = dayOf(at);
  // Changes of a zone's clock lie within these bounds; a day is found to the second, which is where they happen.
  const start = firstOf(at - 30 * hour, at, (time) => dayOf(time) === today);
  const end = firstOf(at, at + 30 * hour, (time) => dayOf(time) !== today);
  return { start, end };
}

export function isTimeZone(name: string): boolean {
  try {
    dayIn(name);
    return true;
  } catch {
    return false;
  }
}

function dayIn(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric" });
  return (at) => format.format(at);
}

/** The first whole second after that of `low` for which it holds; it does not in the second of `low`, and does in that of `high`. */
function firstOf(low: number, high: number, holds: (at: number) => boolean): number {
  let [before, after] = [Math.floor(low / 1000), Math.floor(high / 1000)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle * 1000)) after = middle;
    else before = middle;
  }
  return after * 1000;
}
