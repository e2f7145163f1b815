import { addUsage, noUsage } from "@claude-orchestrator/domain";
import type { AgentEvent, ExitFacts, InstancePlan, TokenUsage } from "@claude-orchestrator/domain";
import type { AgentAdapter, AgentJob } from "@claude-orchestrator/engine/ports";
import { listTranscripts, readTranscript } from "@claude-orchestrator/testkit";
import fc from "fast-check";

/** An instance that asks for nothing but a prompt. */
export function instanceOf(agent: string, fields: Partial<InstancePlan> = {}): InstancePlan {
  return {
    name: "build",
    group: "build",
    agent,
    work: { kind: "prompt", text: "say hello", before: [] },
    addDirs: [],
    permissionMode: "default",
    outputFormat: "stream-json",
    session: { resume: false, clear: false },
    env: { values: {}, pass: [] },
    cwd: "/project/app",
    needs: [],
    retry: { attempts: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [] },
    priority: 0,
    continueOnFailure: false,
    successWhen: [],
    trustWorkspace: false,
    ...fields,
  };
}

export function jobOf(agent: string, fields: Partial<InstancePlan> = {}, job: Partial<AgentJob> = {}): AgentJob {
  return {
    instance: instanceOf(agent, fields),
    attempt: 1,
    program: ["/bin/agent"],
    privateDirectory: "/private/1",
    freshSessionId: "6f1b9d7e-0000-4000-8000-000000000001",
    isRoot: false,
    presentEnv: [],
    ...job,
  };
}

export interface Printed {
  readonly stdout?: readonly string[];
  readonly stderr?: readonly string[];
  readonly exit: Omit<ExitFacts, "swept">;
}

/** Everything the agent's parser makes of one process. */
export function parse(agent: AgentAdapter, printed: Printed, job: AgentJob = jobOf(agent.name)): readonly AgentEvent[] {
  const parser = agent.createParser(job);
  return [
    ...(printed.stdout ?? []).flatMap((line) => parser.stdoutLine(line, 0)),
    ...(printed.stderr ?? []).flatMap((line) => parser.stderrLine(line, 0)),
    ...parser.ended({ swept: 0, ...printed.exit }),
  ];
}

export type Recorded = Exclude<Parameters<typeof readTranscript>[0], "claude">;

export function recordedLines(agent: Recorded, name: string): readonly string[] {
  return readTranscript(agent, name)
    .split("\n")
    .filter((line) => line !== "");
}

/** What an attempt comes to, in one value. */
export interface Outcome {
  readonly end: string;
  readonly tools: readonly string[];
  readonly tokens: TokenUsage;
  readonly costUsd?: number;
}

export function outcomeOf(events: readonly AgentEvent[]): Outcome {
  const finished = events.findLast((event) => event.type === "finished");
  const totals = events.flatMap((event) => (event.type === "totals" ? event.byModel : []));
  const cost = totals.reduce((sum, model) => sum + (model.costUsd ?? 0), 0);
  const starts = new Map(
    events.flatMap((event) => (event.type === "tool-started" ? [[event.callId, event.tool]] : [])),
  );
  return {
    end: finished === undefined ? "no word" : finished.ok ? `ok: ${finished.result ?? ""}` : endWords(finished.failure),
    tools: events.flatMap((event) =>
      event.type === "tool-finished" ? [`${starts.get(event.callId) ?? "?"} ${event.ok ? "ok" : "failed"}`] : [],
    ),
    tokens: totals.reduce((sum, model) => addUsage(sum, model.usage), noUsage),
    ...(cost > 0 ? { costUsd: Math.round(cost * 1e9) / 1e9 } : {}),
  };
}

function endWords(failure: Extract<AgentEvent, { type: "finished" }>["failure"]): string {
  return `${failure?.kind ?? "unknown"} ${failure?.status ?? "-"}: ${failure?.message ?? ""}`;
}

export const tokens = (input: number, output: number, more: Partial<TokenUsage> = {}): TokenUsage => ({
  ...noUsage,
  input,
  output,
  ...more,
});

/** Lines no agent ever printed: any text, any JSON, and recorded lines with something in them replaced by anything. */
export function strangeLine(agent: Recorded): fc.Arbitrary<string> {
  const recorded = listTranscripts(agent).flatMap((name) => recordedLines(agent, name).slice(0, 12));
  return fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .tuple(fc.constantFrom(...recorded), fc.nat(40), fc.jsonValue())
      .map(([line, place, value]) => disturb(line, place, value)),
  );
}

/** The line with the `place`th of its fields (counted through all depths, round and round) set to `value`. */
function disturb(line: string, place: number, value: unknown): string {
  const fields = [...line.matchAll(/"[A-Za-z_]+":/g)].length;
  let left = fields === 0 ? 0 : place % fields;
  return JSON.stringify(JSON.parse(line, (key: string, old: unknown) => (key !== "" && left-- === 0 ? value : old)));
}
