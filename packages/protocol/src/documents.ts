import * as z from "zod";
import { fileProblem } from "./problem.ts";
import { permissions } from "./permissions.ts";

/** What a route answers with. Times are ISO dates in UTC, durations ms, money US dollars or null where it is unknown. */

const isoDate = z.string().describe("ISO date, UTC");
const runId = z.string().describe("`run_` and ten characters");

/** What is printed by the command line's `--json` too, and has its fields described there. */
const printed = z.looseObject({});

export const actor = z.object({
  kind: z.enum(["session", "token"]).describe("Signed in with a browser, or an API token"),
  name: z.string(),
});

export type Actor = z.infer<typeof actor>;

export const health = z.object({ status: z.enum(["ok", "draining"]), version: z.string() });

export const session = z.object({
  actor,
  permissions: z.array(z.enum(permissions)),
  version: z
    .string()
    .describe("Of the server's program: another one than the page's means that the page should be loaded anew"),
  expires_at: isoDate.nullable(),
  workspace: z.string().describe("The folder the server was started in: relative paths begin there"),
  runs_folder: z.string(),
  demo: z.boolean().describe("True where a run of the demo can be started: it needs no key"),
});

export const runSummary = z.object({
  run: runId,
  name: z.string().nullable().describe("null where its log cannot be read"),
  directory: z.string(),
  created_at: isoDate.nullable(),
  instances: z.int().describe("How many its plan has"),
  verdicts: z.record(z.string(), z.int()).describe("How many instances have settled so far, by verdict"),
  status: z
    .string()
    .describe("running, interrupted, damaged, or how it ended: succeeded, failed, stopped, budget_exceeded, …"),
  exit_code: z.int().nullable(),
  duration_ms: z.number().nullable(),
  ended_at: isoDate.nullable(),
  problem: z.string().optional().describe("Why it is damaged, one sentence"),
});

export type RunSummaryDocument = z.infer<typeof runSummary>;

export const openRun = z
  .looseObject({
    run: runId,
    name: z.string().nullable(),
    status: z.string().describe("scheduled, running, paused, stopping, interrupted or unreadable"),
    directory: z.string(),
    pid: z.int().nullable(),
    supervised_since: isoDate.nullable(),
  })
  .describe("As `ps --json` prints it");

export const shownRun = z.object({
  run: runId,
  standing: z.enum(["running", "settled", "interrupted"]),
  paused: z.boolean(),
  seq: z.int().describe("The last event that is folded into this"),
  result: z
    .looseObject({ run: runId })
    .describe("As `show --json` prints it; docs/guide/running.md describes its fields"),
});

export const loggedEvent = z
  .looseObject({ seq: z.int(), at: z.number().describe("ms since 1970"), type: z.string() })
  .describe("An event of the run's log, as it is there; docs/guide/log.md");

export const eventPage = z.object({
  run: runId,
  events: z.array(loggedEvent),
  next: z.int().describe("Where the next page begins; also where the log will go on"),
  has_more: z.boolean(),
});

export const startedRun = z.object({ run: runId, directory: z.string(), pid: z.int().nullable() });

export const done = z.object({ message: z.string().describe("What was answered, one sentence") });

export const planned = z.object({
  ok: z.boolean().describe("True where a run could start now"),
  problems: z.array(fileProblem).describe("Where the file itself is wrong"),
  obstacles: z
    .array(z.object({ message: z.string(), hint: z.string().optional() }))
    .describe("What else keeps it from starting"),
  plan: printed.nullable().describe("As `plan --json` prints it; null where the file is wrong"),
});

export const logPage = z.object({
  from_line: z.int(),
  lines: z.array(
    z.object({
      number: z.int(),
      byte: z.int().describe("Where it begins in the file"),
      text: z.string().describe("Without control characters; never markup"),
      is_cut: z.boolean().describe("True where the line is longer than what is shown"),
    }),
  ),
  next_line: z.int(),
  total_lines: z.int(),
  bytes: z.int(),
  is_over: z.boolean().describe("True where nothing more will come"),
});

export const logMatches = z.object({
  matches: z.array(z.object({ line: z.int(), column: z.int(), text: z.string() })),
  total: z.int().describe("Over the whole output; at least this many where `is_complete` is false"),
  is_complete: z.boolean(),
});

export const difference = z.object({
  instance: z.string(),
  files: z.array(z.object({ path: z.string(), insertions: z.int().nullable(), deletions: z.int().nullable() })),
  text: z.string().describe("Unified, as git prints it"),
  is_cut: z.boolean(),
});

export const usage = printed.describe("As `usage --json` prints it; docs/guide/usage.md describes its fields");

export const schedules = z.object({
  daemon: z.boolean().nullable().describe("Whether a daemon fires them; null where it cannot be told"),
  schedules: z
    .array(z.looseObject({ id: z.string(), name: z.string(), paused: z.boolean() }))
    .describe("As `schedule list --json` prints them"),
});

export const slots = z.object({
  zone: z.string(),
  next: z.array(isoDate).describe("In order; fewer than asked for where no more come"),
});

export const addedSchedule = z.looseObject({
  id: z.string(),
  name: z.string(),
  zone: z.string(),
  next: z.array(isoDate),
  missed: z.string(),
  overlap: z.string(),
});

export const forecastCheck = printed.describe("As `forecast check --json` prints it; docs/guide/forecasts.md");

export const checkup = z
  .looseObject({
    ok: z.boolean(),
    findings: z.array(z.looseObject({ state: z.enum(["good", "warn", "bad"]), what: z.string(), detail: z.string() })),
  })
  .describe("As `doctor --json` prints it");

export const agentList = z.object({ agents: z.array(z.looseObject({ name: z.string(), installed: z.boolean() })) });

export const commandList = z.object({ commands: z.array(z.looseObject({ name: z.string(), kind: z.string() })) });

export const anyDocument = printed;
