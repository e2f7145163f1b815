import { parseDuration } from "@claude-orchestrator/domain";
import { quoted } from "./shown.ts";

export type StartAtResult =
  /** ms since 1970. */
  { readonly at: number } | { readonly message: string; readonly hint: string };

const forms =
  "write 2h, 1h30m, 45s, 14:30, 2am, 2:30pm, or a date such as 2026-03-01T09:00 (with or without Z or +02:00)";

/**
 * The moment a `start_at` means: a time from now (`1h30m`), a clock time (local; one that has passed means tomorrow), or
 * an ISO date (local where it has no zone). Empty and `now` mean now. A date that has passed is refused.
 *
 * @param nowMs ms since 1970
 */
export function parseStartAt(text: string, nowMs: number): StartAtResult {
  const given = text.trim();
  if (given === "" || /^now$/i.test(given)) return { at: nowMs };
  return (
    fromDuration(given, nowMs) ?? fromClock(given, nowMs) ?? fromDate(given, nowMs) ?? refuse(given, "is not a time")
  );
}

function refuse(given: string, why: string, hint = forms): StartAtResult {
  return { message: `${quoted(given)} ${why}`, hint };
}

function fromDuration(given: string, nowMs: number): StartAtResult | undefined {
  if (/^\d+(?:\.\d+)?$/.test(given)) return refuse(given, "has no unit", `write ${given}s, ${given}m or ${given}h`);
  if (!/^[\d.\s]+(?:ms|s|m|h|d)/.test(given)) return undefined;
  const ms = parseDuration(given);
  return ms === undefined ? undefined : { at: nowMs + ms };
}

const clockShape = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s*(?:([ap])\.?m\.?)?$/i;

function fromClock(given: string, nowMs: number): StartAtResult | undefined {
  const match = clockShape.exec(given);
  const [, hours, minutes = "0", seconds = "0", half] = match ?? [];
  // A bare number was refused before: here it has minutes, or am or pm.
  if (hours === undefined) return undefined;
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  if (minute > 59 || second > 59) return refuse(given, "is not a clock time: an hour has 60 minutes");
  if (half === undefined) {
    if (hour > 23) return refuse(given, "is not a clock time: the hours go from 0 to 23");
    return { at: nextClockTime(nowMs, [hour, minute, second]) };
  }
  if (hour < 1 || hour > 12) return refuse(given, "is not a clock time: with am or pm the hours go from 1 to 12");
  const afternoon = half.toLowerCase() === "p" ? 12 : 0;
  return { at: nextClockTime(nowMs, [(hour % 12) + afternoon, minute, second]) };
}

/** Today at that time, or tomorrow where it has passed; days are calendar days, so a change of the clocks moves nothing. */
function nextClockTime(nowMs: number, [hour, minute, second]: readonly [number, number, number]): number {
  const now = new Date(nowMs);
  const on = (days: number): number =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute, second).getTime();
  return on(0) >= nowMs ? on(0) : on(1);
}

const dateShape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

function fromDate(given: string, nowMs: number): StartAtResult | undefined {
  const match = dateShape.exec(given);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, ...clock] = match
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  const [hour = 0, minute = 0, second = 0] = clock;
  if (!isCalendarDay(year, month, day)) return refuse(given, "is not a day of the calendar");
  if (Math.max(hour - 23, minute - 59, second - 59) > 0) return refuse(given, "is not a time of the day");
  const offset = zoneMinutes(match[7]);
  const at =
    offset === undefined
      ? new Date(year, month - 1, day, hour, minute, second).getTime()
      : Date.UTC(year, month - 1, day, hour, minute - offset, second);
  return at >= nowMs ? { at } : refuse(given, "has passed", "name a moment to come, or leave `start_at` out");
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth;
}

/** Minutes east of UTC; undefined where no zone is written. */
function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  if (zone.toUpperCase() === "Z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith("-") ? -minutes : minutes;
}
