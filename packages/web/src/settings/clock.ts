import type { Settings } from "./settings.ts";

/** Tells times in one zone, in one way. All times are ms since 1970. */
export interface Clock {
  /** With the zone: "25 Nov 2026, 14:03:11 UTC". */
  readonly exactly: (at: number) => string;
  /** As short as it can be for a list; undefined where times are told by how long ago they were. */
  readonly shortly: ((at: number) => string) | undefined;
  /** To the millisecond, without the day. */
  readonly precisely: (at: number) => string;
  /** To the second, without the day. */
  readonly timeOfDay: (at: number) => string;
  /** The day, as an ISO date. */
  readonly dayOf: (at: number) => string;
  /** The IANA name; undefined for the browser's own. */
  readonly zone: string | undefined;
}

/** Making a format takes longer than all the rest of a row of a table: they are made once. */
export function createClock({ times, zone }: Pick<Settings, "times" | "zone">): Clock {
  const where = { hourCycle: "h23", ...(zone === "" ? {} : { timeZone: zone }) } as const;
  const second = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  const exact = new Intl.DateTimeFormat("en", { ...where, dateStyle: "medium", timeStyle: "long" });
  const short = new Intl.DateTimeFormat("en", { ...where, ...second, month: "short", day: "numeric" });
  const precise = new Intl.DateTimeFormat("en", { ...where, ...second, fractionalSecondDigits: 3 });
  const ofDay = new Intl.DateTimeFormat("en", { ...where, ...second });
  const day = new Intl.DateTimeFormat("en-CA", {
    ...(zone === "" ? {} : { timeZone: zone }),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return {
    exactly: (at) => exact.format(at),
    shortly: times === "absolute" ? (at) => short.format(at) : undefined,
    precisely: (at) => precise.format(at),
    timeOfDay: (at) => ofDay.format(at),
    dayOf: (at) => day.format(at),
    zone: zone === "" ? undefined : zone,
  };
}
