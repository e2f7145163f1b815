import type { FlagValues, FlagSpec } from "./command.ts";
import { planFlags } from "./planFlags.ts";

/** What is kept of a run's command line: all by which its plan is read, and the reports it was asked for. */
export const recordedFlags = {
  ...planFlags,
  junit: { type: "text", value: "FILE", about: "Write a JUnit report", complete: "file" },
  markdown: { type: "text", value: "FILE", about: "Write a Markdown report, for a pull request", complete: "file" },
  "demo-note": {
    type: "text",
    value: "TEXT",
    about: "What to tell the person where the model is a stand-in",
    hidden: true,
  },
} as const satisfies Record<string, FlagSpec>;

export type RecordedFlagValues = FlagValues<typeof recordedFlags>;

/** How a run is shown while it goes on. */
export const displayFlags = {
  json: { type: "switch", about: "Every event as one line of JSON on standard output" },
  quiet: { type: "switch", about: "Only the result and errors" },
  verbose: { type: "switch", about: "A line for all that agents say and do" },
  plain: {
    type: "switch",
    about: "Lines instead of the live view (for screen readers; so does CLAUDE_ORCHESTRATOR_PLAIN=1)",
  },
} as const satisfies Record<string, FlagSpec>;

export const detachFlag = {
  type: "switch",
  about: "Let it work without this terminal: says its id, and `attach` shows it",
} as const satisfies FlagSpec;

/** Set by this program for the one it starts without a terminal. */
export const supervisorFlag = {
  type: "switch",
  about: "This program was started without a terminal, to supervise",
  hidden: true,
} as const satisfies FlagSpec;

/** Set by this program for the one it starts on behalf of a server. */
export const askedByFlag = {
  type: "text",
  value: "KIND:NAME",
  about: "Whose wish this is, for the run's own log",
  hidden: true,
} as const satisfies FlagSpec;

/** Set by the daemon of the schedules for the run it starts. */
export const scheduleSlotFlag = {
  type: "text",
  value: "SLOT",
  about: "The slot of a schedule that this is the run of",
  hidden: true,
} as const satisfies FlagSpec;
