import type { Answer, Asking, Routes } from "@claude-orchestrator/protocol";
import { addressOf, ask } from "./ask.ts";

type Body<Name extends keyof Routes> = Asking<Routes[Name]>["body"];
type Given<Name extends keyof Routes> = Promise<Answer<Routes[Name]>>;

const part = encodeURIComponent;
const post = <Result>(path: string, body: unknown = {}): Promise<Result> => ask<Result>(path, { method: "POST", body });

/** Every route the page asks, with the types of the protocol. Each rejects with a RequestProblem or Unreachable. */
export const api = {
  session: (): Given<"getSession"> => ask("session"),
  signIn: (code: string): Given<"signIn"> => post("sign-in", { code }),
  signOut: (): Given<"signOut"> => post("sign-out"),
  runs: (query: RunsQuery): Given<"listRuns"> => ask("runs", { query: { ...query } }),
  openRuns: (): Given<"listOpenRuns"> => ask("open-runs"),
  run: (run: string): Given<"showRun"> => ask(`runs/${part(run)}`),
  events: (run: string, from: number, limit: number): Given<"listEvents"> => {
    return ask(`runs/${part(run)}/events`, { query: { from, limit } });
  },
  start: (body: Body<"startRun">): Given<"startRun"> => post("runs", body),
  startDemo: (): Given<"startDemo"> => post("demo"),
  plan: (body: Body<"planRun">): Given<"planRun"> => post("plan", body),
  configSchema: (): Given<"getConfigSchema"> => ask("config-schema"),
  stop: (run: string, body: Body<"stopRun">): Given<"stopRun"> => post(`runs/${part(run)}/stop`, body),
  pause: (run: string): Given<"pauseRun"> => post(`runs/${part(run)}/pause`),
  unpause: (run: string): Given<"unpauseRun"> => post(`runs/${part(run)}/unpause`),
  retry: (run: string, body: Body<"retryRun">): Given<"retryRun"> => post(`runs/${part(run)}/retry`, body),
  resume: (run: string, body: Body<"resumeRun">): Given<"resumeRun"> => post(`runs/${part(run)}/resume`, body),
  setBudget: (run: string, body: Body<"setBudget">): Given<"setBudget"> => post(`runs/${part(run)}/budget`, body),
  log: (run: string, query: LogQuery, signal?: AbortSignal): Given<"readLog"> => {
    return ask(`runs/${part(run)}/log`, { query: { ...query }, ...(signal === undefined ? {} : { signal }) });
  },
  searchLog: (run: string, query: LogSearch, signal?: AbortSignal): Given<"searchLog"> => {
    return ask(`runs/${part(run)}/log/search`, { query: { ...query }, ...(signal === undefined ? {} : { signal }) });
  },
  rawLogAddress: (run: string, query: LogPlace): string => addressOf(`runs/${part(run)}/log/raw`, { ...query }),
  difference: (run: string, instance: string): Given<"showDifference"> => {
    return ask(`runs/${part(run)}/diff`, { query: { instance } });
  },
  usage: (query: UsageQuery): Given<"getUsage"> => ask("usage", { query: { ...query } }),
  schedules: (): Given<"listSchedules"> => ask("schedules"),
  slots: (query: SlotsQuery): Given<"listSlots"> => ask("slots", { query: { ...query } }),
  addSchedule: (body: Body<"addSchedule">): Given<"addSchedule"> => post("schedules", body),
  pauseSchedule: (name: string): Given<"pauseSchedule"> => post(`schedules/${part(name)}/pause`),
  unpauseSchedule: (name: string): Given<"unpauseSchedule"> => post(`schedules/${part(name)}/unpause`),
  runScheduleNow: (name: string): Given<"runScheduleNow"> => post(`schedules/${part(name)}/run-now`),
  removeSchedule: (name: string): Given<"removeSchedule"> =>
    ask(`schedules/${part(name)}`, { method: "DELETE", body: {} }),
  checkup: (): Given<"getCheckup"> => ask("doctor"),
  agents: (): Given<"listAgents"> => ask("agents"),
  commands: (workspace?: string): Given<"listCommands"> => ask("commands", { query: { workspace } }),
  changeTopics: (stream: string, body: Body<"changeTopics">): Given<"changeTopics"> => {
    return ask(`live/${part(stream)}/topics`, { method: "PUT", body });
  },
} as const;

export interface RunsQuery {
  readonly limit?: number;
  /** Only runs older than this one. */
  readonly before?: string;
  readonly status?: string;
  readonly text?: string;
}

export interface LogPlace {
  readonly instance: string;
  readonly attempt?: number;
  readonly stream?: "stdout" | "stderr";
}

export interface LogQuery extends LogPlace {
  /** From 1; below 0, so many before the end. */
  readonly from_line?: number;
  readonly lines?: number;
  /** Answered when there is something, or after so long. */
  readonly wait_ms?: number;
}

export interface LogSearch extends LogPlace {
  readonly text: string;
  /** Whether the text is a regular expression. */
  readonly regex?: boolean;
  readonly ignore_case?: boolean;
  readonly limit?: number;
  readonly from_line?: number;
}

export interface SlotsQuery {
  readonly cron: string;
  readonly tz: string;
}

export interface UsageQuery {
  readonly by?: "day" | "model" | "command" | "instance" | "agent";
  /** Days, both of them included, or how long ago. */
  readonly since?: string;
  readonly until?: string;
  /** Whose days they are. */
  readonly tz?: string;
  /** The dearest requests instead. */
  readonly top?: number;
  readonly include_demo?: boolean;
}
