import * as z from "zod";
import * as documents from "./documents.ts";
import { batch, mostTopics } from "./live.ts";
import { defineRoute } from "./route.ts";
import type { Route } from "./route.ts";
import { scheduleRoutes } from "./scheduleRoutes.ts";

const run = z.object({ run: z.string().min(1).max(64).describe("A run's id, the beginning of one, or `latest`") });
const name = z.string().min(1).max(300);
const whole = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
/** Words of a query: `z.coerce.boolean` takes "false" for true. */
const yesOrNo = z.enum(["true", "false"]).transform((word) => word === "true");

const output = {
  instance: name,
  attempt: whole.optional().describe("Default: the last one"),
  stream: z.enum(["stdout", "stderr"]).default("stdout"),
};

/** A file on the server's machine, or its text. */
const fileOrText = {
  file: z.string().min(1).max(4096).optional().describe("Its path; a relative one begins in the server's workspace"),
  text: z.string().min(1).max(1_000_000).optional().describe("The file itself, pasted"),
  prompts: z.array(z.string().min(1).max(200_000)).min(1).max(100).optional().describe("Prompts instead of a file"),
  workspace: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe("The folder the agents work in; of a pasted file, default the server's workspace"),
  name: z.string().min(1).max(200).optional(),
  agent: z.string().min(1).max(40).optional().describe("For prompts: who is asked"),
  only: z.array(name).max(1000).optional(),
  variables: z.record(z.string(), z.string()).optional(),
  concurrency: z.int().min(1).optional(),
  budget_usd: z.number().positive().optional(),
  budget_tokens: z.int().min(1).optional(),
};

const acceptChanges = z
  .boolean()
  .default(false)
  .describe("Go on although the file is not what it was when the run began");

/** Every route there is. The key is its `operationId`. */
export const routes = {
  getHealth: defineRoute({
    method: "GET",
    path: "/api/health",
    permission: "public",
    summary: "Whether the server answers",
    answer: documents.health,
  }),
  signIn: defineRoute({
    method: "POST",
    path: "/api/sign-in",
    permission: "public",
    summary: "Exchange the code of a sign-in link, or an API token, for a session cookie",
    body: z.strictObject({ code: z.string().min(1).max(200) }),
    answer: documents.session,
  }),
  signOut: defineRoute({
    method: "POST",
    path: "/api/sign-out",
    permission: "self",
    summary: "End this session, and its streams",
    answer: documents.done,
  }),
  getSession: defineRoute({
    method: "GET",
    path: "/api/session",
    permission: "self",
    summary: "Who asks, and what they may do",
    answer: documents.session,
  }),
  getOpenApi: defineRoute({
    method: "GET",
    path: "/api/openapi.json",
    permission: "self",
    summary: "This document",
    answer: documents.anyDocument,
  }),
  listRuns: defineRoute({
    method: "GET",
    path: "/api/runs",
    permission: "run:read",
    summary: "The runs of the folder, newest first",
    query: z.strictObject({
      limit: whole.max(10_000).default(100),
      before: z.string().max(64).optional().describe("Only runs older than this one: the last of the page before"),
      status: z.string().max(40).optional().describe("Only those with this status"),
      text: z.string().max(200).optional().describe("Only those with this in their name or id"),
    }),
    answer: z.object({ runs: z.array(documents.runSummary), has_more: z.boolean() }),
  }),
  listOpenRuns: defineRoute({
    method: "GET",
    path: "/api/open-runs",
    permission: "run:read",
    summary: "The runs that work now, and those that were interrupted, with what they have spent",
    answer: z.object({ runs: z.array(documents.openRun) }),
  }),
  startRun: defineRoute({
    method: "POST",
    path: "/api/runs",
    permission: "run:start",
    summary: "Start a run from a file, from pasted text or from prompts",
    body: z.strictObject(fileOrText),
    answer: documents.startedRun,
    status: 201,
  }),
  startDemo: defineRoute({
    method: "POST",
    path: "/api/demo",
    permission: "run:start",
    summary: "Start a small run of built-in commands that needs no agent and no key",
    answer: documents.startedRun,
    status: 201,
  }),
  planRun: defineRoute({
    method: "POST",
    path: "/api/plan",
    permission: "run:read",
    summary: "What a run would do, and everything that is wrong with its file; starts nothing",
    body: z.strictObject({
      ...fileOrText,
      forecast: z
        .boolean()
        .default(false)
        .describe("Add what it is expected to take, from runs of the past: `plan.forecast`"),
    }),
    answer: documents.planned,
  }),
  checkForecasts: defineRoute({
    method: "GET",
    path: "/api/forecast-check",
    permission: "run:read",
    summary: "How right forecasts of the newest runs would have been",
    query: z.strictObject({ runs: whole.max(500).default(100) }),
    answer: documents.forecastCheck,
  }),
  getConfigSchema: defineRoute({
    method: "GET",
    path: "/api/config-schema",
    permission: "self",
    summary: "The JSON Schema of the file, for an editor",
    answer: documents.anyDocument,
  }),
  showRun: defineRoute({
    method: "GET",
    path: "/api/runs/{run}",
    permission: "run:read",
    summary: "A run, folded from its log",
    params: run,
    answer: documents.shownRun,
  }),
  listEvents: defineRoute({
    method: "GET",
    path: "/api/runs/{run}/events",
    permission: "run:read",
    summary: "The events of a run's log, a page at a time",
    params: run,
    query: z.strictObject({ from: whole.default(1), limit: whole.max(5000).default(1000) }),
    answer: documents.eventPage,
  }),
  stopRun: defineRoute({
    method: "POST",
    path: "/api/runs/{run}/stop",
    permission: "run:control",
    summary: "Ask a run, or one of its instances or groups, to stop; of an interrupted one, end what is left",
    params: run,
    body: z.strictObject({ instance: name.optional(), force: z.boolean().default(false) }),
    answer: documents.done,
    status: 202,
  }),
  pauseRun: defineRoute({
    method: "POST",
    path: "/api/runs/{run}/pause",
    permission: "run:control",
    summary: "Start nothing more; what runs goes on",
    params: run,
    answer: documents.done,
  }),
  unpauseRun: defineRoute({
    method: "POST",
    path: "/api/runs/{run}/unpause",
    permission: "run:control",
    summary: "Start instances again",
    params: run,
    answer: documents.done,
  }),
  retryRun: defineRoute({
    method: "POST",
    path: "/api/runs/{run}/retry",
    permission: "run:control",
    summary: "Run instances again: those named, or all that did not succeed",
    params: run,
    body: z.strictObject({ instances: z.array(name).max(10_000).default([]), accept_changes: acceptChanges }),
    answer: documents.done,
    status: 202,
  }),
  resumeRun: defineRoute({
    method: "POST",
    path: "/api/runs/{run}/resume",
    permission: "run:control",
    summary: "Go on with a run that was interrupted or stopped",
    params: run,
    body: z.strictObject({ accept_changes: acceptChanges }),
    answer: documents.startedRun,
    status: 202,
  }),
  setBudget: defineRoute({
    method: "POST",
    path: "/api/runs/{run}/budget",
    permission: "run:control",
    summary: "Set another budget for a run that works; what waits for room goes on where it fits now",
    params: run,
    body: z.strictObject({
      scope: z
        .string()
        .min(1)
        .max(300)
        .optional()
        .describe(
          "As `budget set` names it: run (when left out), an instance, /COMMAND, attempt:INSTANCE, window:5h, day, …",
        ),
      tokens: z.int().min(1).optional(),
      cost_usd: z.number().positive().optional(),
    }),
    answer: documents.done,
    status: 202,
  }),
  readLog: defineRoute({
    method: "GET",
    path: "/api/runs/{run}/log",
    permission: "run:read",
    summary: "Lines of an attempt's raw output; with `wait_ms`, not before there is one",
    params: run,
    query: z.strictObject({
      ...output,
      from_line: z.coerce
        .number()
        .int()
        .min(-100_000)
        .max(Number.MAX_SAFE_INTEGER)
        .default(1)
        .describe("From 1; below 0, so many before the end"),
      lines: whole.max(5000).default(500),
      wait_ms: z.coerce.number().int().min(0).max(25_000).default(0),
    }),
    answer: documents.logPage,
  }),
  searchLog: defineRoute({
    method: "GET",
    path: "/api/runs/{run}/log/search",
    permission: "run:read",
    summary: "The lines of an attempt's raw output that hold a text, or match a pattern",
    params: run,
    query: z.strictObject({
      ...output,
      text: z.string().min(1).max(500),
      regex: yesOrNo.default(false).describe("Whether `text` is a regular expression, as JavaScript has them"),
      ignore_case: yesOrNo.default(true),
      limit: whole.max(1000).default(200),
      from_line: whole.default(1),
    }),
    answer: documents.logMatches,
  }),
  downloadLog: defineRoute({
    method: "GET",
    path: "/api/runs/{run}/log/raw",
    permission: "run:read",
    summary: "An attempt's raw output, byte for byte; `Range` is understood",
    params: run,
    query: z.strictObject(output),
    answer: z.string(),
    answers: "bytes",
  }),
  showDifference: defineRoute({
    method: "GET",
    path: "/api/runs/{run}/diff",
    permission: "run:read",
    summary: "What an instance changed in its own worktree or copy",
    params: run,
    query: z.strictObject({ instance: name }),
    answer: documents.difference,
  }),
  getUsage: defineRoute({
    method: "GET",
    path: "/api/usage",
    permission: "run:read",
    summary: "What all runs of the folder used, added up; with `top`, the dearest requests instead",
    query: z.strictObject({
      by: z
        .enum(["day", "model", "command", "instance", "agent"])
        .optional()
        .describe("Default: day. Not beside `top`"),
      since: z.string().max(40).optional().describe("From this day on (2026-11-20), or so long ago (7d)"),
      until: z.string().max(40).optional().describe("Up to this day, it included, or so long ago"),
      tz: z.string().max(64).optional().describe("Days of this time zone; default: the server's"),
      top: whole.max(1000).optional(),
      include_demo: yesOrNo.default(false).describe("Count runs whose model was a stand-in, too"),
    }),
    answer: documents.usage,
  }),
  ...scheduleRoutes,
  getCheckup: defineRoute({
    method: "GET",
    path: "/api/doctor",
    permission: "machine:read",
    summary: "What on this machine keeps runs from working, and what to do about it",
    answer: documents.checkup,
  }),
  listAgents: defineRoute({
    method: "GET",
    path: "/api/agents",
    permission: "machine:read",
    summary: "Every agent, whether it is here, what it can do",
    answer: documents.agentList,
  }),
  listCommands: defineRoute({
    method: "GET",
    path: "/api/commands",
    permission: "machine:read",
    summary: "Slash commands and skills",
    query: z.strictObject({ workspace: z.string().max(4096).optional(), built_in: yesOrNo.default(false) }),
    answer: documents.commandList,
  }),
  openLive: defineRoute({
    method: "GET",
    path: "/api/live",
    permission: "run:read",
    summary: "Everything that happens, as it happens: batches of envelopes over SSE, or over a WebSocket",
    query: z.strictObject({
      list: yesOrNo.default(true).describe("Whether the list of runs is told"),
      runs: z
        .string()
        .max(2000)
        .optional()
        .describe("Runs whose events are told from the first on, with commas between"),
      cursor: z.string().max(4000).optional().describe("The last batch's, where `Last-Event-ID` cannot be sent"),
    }),
    answer: batch,
    answers: "stream",
  }),
  changeTopics: defineRoute({
    method: "PUT",
    path: "/api/live/{stream}/topics",
    permission: "run:read",
    summary: "Change whose events a stream tells; those it told already go on where they are",
    params: z.object({ stream: z.string().min(1).max(64) }),
    body: z.strictObject({
      runs: z
        .array(
          z.object({
            run: z.string().regex(/^run_[0-9a-z]{10}$/),
            after: z.int().min(0).default(0).describe("The last event that is known already"),
          }),
        )
        .max(mostTopics),
    }),
    answer: documents.done,
  }),
} as const satisfies Readonly<Record<string, Route>>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
