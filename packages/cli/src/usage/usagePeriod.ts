import { nearest } from "@claude-orchestrator/config";
import { parseDuration, UserError } from "@claude-orchestrator/domain";

/** Which time is asked about, and in which zone its days are. All times are ms since 1970. */
export interface UsagePeriod {
  readonly zone: string;
  /** As it was understood: a day, or a moment as an ISO date. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** The day of a moment, YYYY-MM-DD. */
  dayOf(at: number): string;
  isTooEarly(at: number): boolean;
  isTooLate(at: number): boolean;
}

/** A whole day of the zone, or a moment. */
type Bound = { readonly day: string } | { readonly at: number };

/** @throws UserError usage */
export function readPeriod(
  flags: { readonly since: string | undefined; readonly until: string | undefined; readonly tz: string | undefined },
  now: number,
): UsagePeriod {
  const dayOf = daysIn(flags.tz);
  const since = readBound("since", flags.since, now);
  const until = readBound("until", flags.until, now);
  const compare = (at: number, bound: Bound): number => {
    if ("at" in bound) return at - bound.at;
    const day = dayOf.format(at);
    return day < bound.day ? -1 : day > bound.day ? 1 : 0;
  };
  refuseNothing(since, until, dayOf.format);
  return {
    zone: dayOf.zone,
    since: inWords(since),
    until: inWords(until),
    dayOf: dayOf.format,
    isTooEarly: (at) => since !== undefined && compare(at, since) < 0,
    isTooLate: (at) => until !== undefined && compare(at, until) > 0,
  };
}

function daysIn(zone: string | undefined): { readonly zone: string; readonly format: (at: number) => string } {
  const fields = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const formatter = formatterOf(zone, fields);
  // Attempts of a run come in near one another: a day is asked for again and again.
  let last = { minute: Number.NaN, day: "" };
  const format = (at: number): string => {
    const minute = Math.floor(at / 60_000);
    if (minute === last.minute) return last.day;
    const parts = new Map(formatter.formatToParts(at).map(({ type, value }) => [type, value]));
    last = { minute, day: `${parts.get("year")?.padStart(4, "0")}-${parts.get("month")}-${parts.get("day")}` };
    return last.day;
  };
  return { zone: formatter.resolvedOptions().timeZone, format };
}

function formatterOf(zone: string | undefined, fields: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const options = { ...fields, calendar: "gregory", numberingSystem: "latn" } as const;
  try {
    return new Intl.DateTimeFormat("en", zone === undefined ? options : { ...options, timeZone: zone });
  } catch (cause) {
    const near = nearest(zone ?? "", Intl.supportedValuesOf("timeZone"));
    throw new UserError("usage", `There is no time zone \`${zone}\``, {
      hint:
        near === undefined
          ? "write a name such as Europe/Berlin, America/New_York or UTC"
          : `did you mean \`${near}\`?`,
      cause,
    });
  }
}

function readBound(flag: string, text: string | undefined, now: number): Bound | undefined {
  if (text === undefined) return undefined;
  const word = text.trim();
  if (/^\d{4}-\d{2}-\d{2}$/.test(word) && isDate(word)) return { day: word };
  if (/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(word) && isDate(word)) return { at: Date.parse(word) };
  const ago = /[a-z]$/.test(word) ? parseDuration(word) : undefined;
  if (ago !== undefined) return { at: now - ago };
  throw new UserError("usage", `\`--${flag}\` needs a day or how long ago, not \`${text}\``, {
    hint: `write a day (\`--${flag} 2026-11-20\`), a moment (\`2026-11-20T08:00Z\`) or how long ago it was (\`7d\`, \`12h\`)`,
  });
}

/** Also not the 30th of February, which JavaScript takes for a day of March. */
function isDate(word: string): boolean {
  const at = Date.parse(word);
  const day = Date.parse(word.slice(0, 10));
  return !Number.isNaN(at) && !Number.isNaN(day) && new Date(day).toISOString().startsWith(word.slice(0, 10));
}

function refuseNothing(since: Bound | undefined, until: Bound | undefined, dayOf: (at: number) => string): void {
  if (since === undefined || until === undefined) return;
  const dayOfBound = (bound: Bound): string => ("day" in bound ? bound.day : dayOf(bound.at));
  const isBackwards = "at" in since && "at" in until ? since.at > until.at : dayOfBound(since) > dayOfBound(until);
  if (!isBackwards) return;
  throw new UserError("usage", `\`--since\` (${inWords(since)}) is later than \`--until\` (${inWords(until)})`, {
    hint: "exchange the two",
  });
}

function inWords(bound: Bound | undefined): string | undefined {
  if (bound === undefined) return undefined;
  return "day" in bound ? bound.day : new Date(bound.at).toISOString();
}
