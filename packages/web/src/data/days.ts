import { zoneOffset } from "./zoneOffset.ts";

const dayMs = 86_400_000;

/** Whether a text is a day as an ISO date. Pure. */
export function isDay(text: string): boolean {
  // Some days are read as others: the 30th of February as one in March.
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayAfter(text, 0) === text;
}

/** The day so many days after another one, or before it. Pure. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** How many days a time has that includes both. Pure. */
export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / dayMs) + 1;
}

/** What is wrong with a time between two days, "" standing for no bound; undefined where nothing is. Pure. */
export function wrongOrder(from: string, to: string): string | undefined {
  return from !== "" && to !== "" && from > to ? "This is before the day it begins with" : undefined;
}

/** When a day begins where that is, in ms since 1970. Pure. */
export function startOfDay(day: string, zone?: string): number {
  const inUtc = Date.parse(day);
  // The clock may be changed between the day in UTC and the day there.
  return inUtc - zoneOffset(inUtc - zoneOffset(inUtc, zone), zone);
}
