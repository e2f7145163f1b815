/** A schedule as `schedule list --json` prints it, as far as it is shown. Times are ISO dates in UTC. */
export interface ScheduleDocument {
  readonly id: string;
  readonly name: string;
  readonly cron: string;
  readonly zone: string;
  readonly file: string;
  /** Flags of `run`, a word each. */
  readonly flags: readonly string[];
  readonly missed: string;
  readonly overlap: string;
  readonly paused: boolean;
  readonly next: readonly string[];
  readonly running: readonly SlotRun[];
  readonly waiting: readonly SlotRun[];
  readonly last: SlotOutcome | null;
  readonly fired: number;
  readonly skipped: number;
  readonly failed: number;
}

export interface SlotRun {
  readonly slot: string;
  readonly run: string;
}

export interface SlotOutcome {
  readonly slot: string;
  readonly at: string;
  readonly outcome: string;
  readonly run?: string;
  readonly reason?: string;
  readonly count?: number;
}

const missedWords: Readonly<Record<string, string>> = {
  skip: "What was missed is left out",
  once: "What was missed is made up for once",
  all: "Everything missed is made up for, one after the other",
};

const overlapWords: Readonly<Record<string, string>> = {
  skip: "a slot whose forerunner still works is left out",
  queue: "a slot whose forerunner still works waits for it",
  replace: "a slot stops its forerunner where that still works",
};

/** What happens to slots that were missed or come too soon, in a sentence. */
export function policyWords({ missed, overlap }: Pick<ScheduleDocument, "missed" | "overlap">): string {
  return `${missedWords[missed] ?? `Missed: ${missed}`}; ${overlapWords[overlap] ?? `overlap: ${overlap}`}`;
}

/** "Thu 26 Nov, 02:00" in the zone of the schedule. */
export function slotWords(iso: string, zone: string): string {
  const at = new Date(iso);
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone, hourCycle: "h23" }).format(at);
  } catch {
    // A zone the browser does not know: in the one everybody does, and it says so.
    return `${new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC", hourCycle: "h23" }).format(at)} UTC`;
  }
}

const outcomeWords: Readonly<Record<string, string>> = {
  failed_to_start: "could not start",
  skipped: "left out",
};

/** How its newest slot ended; the word for a state, and why. */
export function lastWords(last: SlotOutcome): { readonly state: string; readonly why: string } {
  const count = last.count !== undefined && last.count > 1 ? `${last.count} slots: ` : "";
  return { state: outcomeWords[last.outcome] ?? last.outcome, why: `${count}${last.reason ?? ""}` };
}
