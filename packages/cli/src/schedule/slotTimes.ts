import { Cron } from "croner";
import { nearest } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { SlotsDue } from "@claude-orchestrator/domain";

/** The slots of one schedule. All times are ms since 1970, all slots whole seconds. */
export interface SlotTimes {
  /** Those after `time` and up to `through`, `most` at most. */
  between(time: number, through: number, most?: number): SlotsDue;
  /** The next `count` after `time`; fewer where no more come. */
  next(time: number, count: number): readonly number[];
}

/** As many are counted at once: it takes a few tenths of a second, in which nothing else is done. */
const mostAtOnce = 2_000;

const forms =
  'write minute, hour, day, month and weekday, such as "0 2 * * 1-5" (at 2:00 from Monday to Friday); a sixth field, in front, is the second';

/**
 * Reads a cron pattern: five fields, six with seconds first, or a word such as `@daily`. Only times are computed here; nothing
 * is ever started by the library. Where hours and minutes are numbers, lists or ranges, a time that the change to summer time
 * leaves out is the first moment after it, and one that comes twice counts once; with `*` or a step, slots follow the clock
 * as it goes.
 *
 * @throws UserError schedule-invalid
 */
export function readSlotTimes(pattern: string, zone: string): SlotTimes {
  refuseZone(zone);
  const cron = readPattern(pattern, zone);
  const next = (time: number, count: number): readonly number[] =>
    cron.nextRuns(count, new Date(time)).map((date) => date.getTime());
  return {
    next,
    between: (time, through, most = mostAtOnce) => {
      const slots: number[] = [];
      for (let slot = next(time, 1)[0]; slot !== undefined && slot <= through; slot = next(slot, 1)[0]) {
        if (slots.length === most) return { slots, more: true };
        slots.push(slot);
      }
      return { slots, more: false };
    },
  };
}

/** The zone of this machine. */
export function machineZone(): string {
  return new Intl.DateTimeFormat("en").resolvedOptions().timeZone;
}

function readPattern(pattern: string, zone: string): Cron {
  // A date is a pattern to the library; that is `run --start-at`, not a schedule.
  if (/^\s*\d{4}-/.test(pattern)) {
    throw refusal(pattern, "is a date", { hint: "`run --start-at` runs a file once, at a date" });
  }
  const cron = parse(pattern, zone);
  if (cron.nextRun() !== null) return cron;
  throw refusal(pattern, "never comes: none of its months has such a day", {
    hint: "February has 28 or 29 days; April, June, September and November have 30",
  });
}

function parse(pattern: string, zone: string): Cron {
  try {
    return new Cron(pattern, { paused: true, timezone: zone, mode: "5-or-6-parts", fixedTimeRule: "no-wildcard" });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
    throw refusal(pattern, `is no cron pattern (${why})`, { hint: forms, cause: error });
  }
}

function refusal(
  pattern: string,
  why: string,
  options: { readonly hint: string; readonly cause?: unknown },
): UserError {
  return new UserError("schedule-invalid", `\`--cron "${pattern}"\` ${why}`, options);
}

/** @throws UserError schedule-invalid */
function refuseZone(zone: string): void {
  if (/^[A-Za-z]/.test(zone) && isZone(zone)) return;
  const near = nearest(zone, Intl.supportedValuesOf("timeZone"));
  throw new UserError("schedule-invalid", `There is no time zone \`${zone}\``, {
    hint:
      near === undefined ? "write a name such as Europe/Berlin, America/New_York or UTC" : `did you mean \`${near}\`?`,
  });
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
