import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { foldRun, totalTokens, type LoggedEvent, type RunState } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import { expect } from "vitest";

/** What `result.json` of a run says, as far as tests read it. */
export interface ResultFile {
  readonly run: string;
  readonly status: string;
  readonly exit_code: number;
  readonly cost_usd: number | null;
  readonly tokens: Readonly<Record<string, number>>;
  readonly tools: Readonly<Record<string, number>>;
  readonly budgets: readonly { readonly used: number; readonly limit: number; readonly unit: string }[];
  readonly instances: readonly ResultInstance[];
}

export interface ResultInstance {
  readonly name: string;
  readonly status: string;
  readonly verification: string;
  readonly reason: string;
  readonly model: string | null;
  readonly result: string | null;
  readonly structured: unknown;
  readonly cost_usd: number | null;
  readonly cost_source: string;
  readonly totals_are_final: boolean;
  readonly tokens: Readonly<Record<string, number>>;
  readonly tools: Readonly<Record<string, number>>;
  readonly failure: { readonly kind: string; readonly message: string; readonly resets_at: string | null } | null;
  readonly attempts: readonly {
    readonly session_id: string | null;
    readonly agent_version: string | null;
    readonly argv: readonly string[];
    readonly exit_code: number | null;
    readonly signal: string | null;
    readonly swept_processes: number;
    readonly stdout: string;
    readonly stderr: string;
    readonly unreadable_lines: number;
  }[];
}

export function readResult(directory: string): ResultFile {
  return JSON.parse(readFileSync(join(directory, "result.json"), "utf8")) as ResultFile;
}

/** The log of a run, read back from disk. */
export function readLog(directory: string): readonly LoggedEvent[] {
  const reader = openRunLog(directory);
  try {
    expect(reader.damage()).toEqual([]);
    return [...reader.events()];
  } finally {
    reader.close();
  }
}

/**
 * What holds for every run that has settled: its log is numbered without a gap, nothing but a person's wish follows its end,
 * every process has its intent before it and one end after it, what it cost is the sum of what its attempts cost, and
 * folded again it says what result.json says; nobody's key is in it or in any file of ours.
 */
export function expectSoundRun(directory: string, secret: string): void {
  const events = readLog(directory);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  expect(events.at(-1)?.type).toBe("run-settled");
  const afterAnEnd = events.filter((_event, index) => events[index - 1]?.type === "run-settled");
  expect(afterAnEnd.filter(({ type }) => type !== "run-reopened")).toEqual([]);
  expectSoundAttempts(events);
  const state = foldRun(events);
  const result = readResult(directory);
  expect(result.instances.map(({ name, status }) => [name, status])).toEqual(verdictsOf(state));
  expect({ status: result.status, exit_code: result.exit_code }).toEqual({
    status: state?.phase.status === "settled" ? state.phase.outcome : "unsettled",
    exit_code: state?.phase.status === "settled" ? state.phase.exitCode : undefined,
  });
  const spent = [...(state?.instances.values() ?? [])].flatMap(({ attempts }) => attempts.map((each) => each.spent));
  expect(result.tokens["total"]).toBe(spent.reduce((sum, { usage }) => sum + totalTokens(usage), 0));
  expect(JSON.stringify(events)).not.toContain(secret);
  expect(filesWith(directory, secret)).toEqual([]);
}

/** Every attempt is planned once, starts only after that, and ends once. */
function expectSoundAttempts(events: readonly LoggedEvent[]): void {
  const keysOf = (type: LoggedEvent["type"]): readonly string[] =>
    events.flatMap((event) =>
      event.type === type && "attempt" in event ? [`${event.instance}#${event.attempt}`] : [],
    );
  const planned = keysOf("attempt-planned");
  expect(new Set(planned).size).toBe(planned.length);
  expect(keysOf("attempt-ended").toSorted()).toEqual(planned.toSorted());
  const seen = new Set<string>();
  for (const event of events) {
    if (event.type === "attempt-planned") seen.add(`${event.instance}#${event.attempt}`);
    if (event.type === "attempt-started") expect(seen).toContain(`${event.instance}#${event.attempt}`);
  }
}

function verdictsOf(state: RunState | undefined): readonly (readonly [string, string])[] {
  return [...(state?.instances.values() ?? [])].map(({ name, phase }) => [
    name,
    phase.status === "settled" ? phase.verdict : "unsettled",
  ]);
}

/** Files of the run that hold the text; the agents' raw output is theirs, not ours. */
function filesWith(directory: string, text: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\.(?:stdout|stderr)$/.test(path))
    .filter((path) => readFileSync(path).includes(text));
}
