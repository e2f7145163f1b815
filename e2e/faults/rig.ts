/** Programs with one fault each, run by the built program beside a healthy neighbour. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { JsonObject, LoggedEvent } from "@claude-orchestrator/domain";
import { fakeAgentPath, initLine, resultLine, textLine, type FakeScript } from "@claude-orchestrator/testkit";
import { createRig, type Rig } from "../rig.ts";
import { leftoversAfter, processesWith, type Leftover } from "../support/leftovers.ts";
import type { Outcome } from "../support/program.ts";

/** What a faulty program does: a script for the fake agent, or a file of `fixtures/`, which finds the texts in its environment. */
export type Behaviour = FakeScript | { readonly fixture: string; readonly text: string; readonly last?: string };

export interface FaultyInstance {
  readonly fields: JsonObject & { readonly name: string };
  readonly behaviour: Behaviour;
}

export interface FaultRun extends AsyncDisposable {
  readonly rig: Rig;
  /** Settles with the first event, past or to come, that matches. */
  event(matches: (event: LoggedEvent) => boolean): Promise<LoggedEvent>;
  /** Sends the signal to the program only, not to what it started. */
  signal(name: NodeJS.Signals): void;
  /** The living processes of the run, whatever became of their parents. */
  alive(): Promise<readonly Leftover[]>;
  readonly ended: Promise<FaultEnd>;
}

export interface FaultEnd extends Outcome {
  /** Processes of the run that were alive two seconds after its end. */
  readonly leftBehind: readonly Leftover[];
  /** Most memory the program itself had at once, by the kernel's account, in MB. */
  readonly peakMegabytes: number;
}

type AttemptEnd = Extract<LoggedEvent, { readonly type: "attempt-ended" }>;

/** An instance of the agent `command` that behaves so. */
export function command(name: string, behaviour: Behaviour, fields: JsonObject = {}): FaultyInstance {
  return { behaviour, fields: { name, run: ["/bin/sh", "claude"], ...fields } };
}

/** An instance of the agent `claude`, whose program is not Claude Code but behaves so. */
export function claude(name: string, behaviour: Behaviour, fields: JsonObject = {}): FaultyInstance {
  return { behaviour, fields: { name, prompt: "Do what you do", ...fields } };
}

/** Starts the built program with these instances, all at once, and a healthy one called `neighbour`. */
export async function startFaults(instances: readonly FaultyInstance[]): Promise<FaultRun> {
  const fleet = [...instances, claude("neighbour", healthyScript)];
  const files: Record<string, string> = { claude: wrapper };
  for (const [index, { behaviour }] of fleet.entries()) {
    if (!("fixture" in behaviour)) files[scriptFile(index)] = JSON.stringify(behaviour);
  }
  const config = {
    concurrency: fleet.length,
    instances: fleet.map(({ fields, behaviour }, index) => ({ ...fields, env: environmentOf(behaviour, index) })),
  };
  const rig = await createRig({ files, config });
  const program = rig.start({ args: ["--agent-path", `claude=${rig.path("claude")}`] });
  const peak = watchPeak(program.pid, program.ended);
  return {
    rig,
    event: program.event,
    signal: program.signal,
    alive: async () => processesWith(markerOf([await program.event(({ type }) => type === "run-created")])),
    ended: program.ended.then(async (outcome) => {
      const leftBehind = await leftoversAfter(2000, markerOf(outcome.events));
      return { ...outcome, leftBehind, peakMegabytes: await peak };
    }),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** Becomes the fake agent, or a fixture where the environment names one, by exec: its pid is theirs. */
const wrapper = `#!/bin/sh
[ -z "$FAULT_FIXTURE" ] || exec "$FAULT_RUNNER" "$FAULT_FIXTURE"
exec '${process.execPath}' '${fakeAgentPath()}' "$@"
`;

const scriptFile = (index: number): string => `script-${index}.json`;

function environmentOf(behaviour: Behaviour, index: number): JsonObject {
  if (!("fixture" in behaviour)) return { FAKE_AGENT_SCRIPT: `@${scriptFile(index)}` };
  const { fixture, text, last } = behaviour;
  return {
    FAULT_FIXTURE: fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url)),
    FAULT_RUNNER: fixture.endsWith(".sh") ? "/bin/sh" : process.execPath,
    FAULT_TEXT: text,
    ...(last === undefined ? {} : { FAULT_LAST: last }),
  };
}

/** Found in the environment of every process of the run, and of no other. */
function markerOf([created]: readonly LoggedEvent[]): string {
  if (created?.type !== "run-created") throw new Error("The run told nothing of itself");
  return `CLAUDE_ORCHESTRATOR_ATTEMPT_${created.id}=`;
}

async function watchPeak(pid: number, ended: Promise<unknown>): Promise<number> {
  let peak = 0;
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    peak = Math.max(peak, peakOf(pid));
    await wait(25);
  }
  return peak;
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}

const healthyScript: FakeScript = [
  { do: "emit", line: initLine() },
  {
    do: "repeat",
    times: 300,
    steps: [{ do: "emit", line: textLine("line {{n}}", { id: "msg_{{n}}", tokens: { input: 11, output: 7 } }) }],
  },
  { do: "emit", line: resultLine("all 300 lines", { costUsd: 0.25, tokens: { input: 3300, output: 2100 } }) },
];

/** The end of an instance's only attempt. */
export function attemptOf({ events, stderr }: FaultEnd, instance: string): AttemptEnd {
  const found = events.filter((event) => event.type === "attempt-ended" && event.instance === instance);
  const [end] = found;
  if (end?.type !== "attempt-ended" || found.length > 1) {
    throw new Error(`${found.length} ends of ${instance}, not one:\n${stderr}`);
  }
  return end;
}

/** What a test says of an attempt in one comparison. */
export function factsOf(end: FaultEnd, instance: string) {
  const { verdict, reason, result, exit, unreadable } = attemptOf(end, instance);
  return { verdict, reason, result, exit, unreadable };
}

/** Tokens in and out, and whether the agent's own totals cover them all. */
export function tokensOf(end: FaultEnd, instance: string) {
  const { usage, final, costUsd } = attemptOf(end, instance).spent;
  return { input: usage.input, output: usage.output, final, costUsd };
}

/** What of the run has nothing to do with its faults: to be compared with `untouched`. */
export function aroundOf(end: FaultEnd) {
  return { neighbour: { ...factsOf(end, "neighbour"), ...tokensOf(end, "neighbour") }, leftBehind: end.leftBehind };
}

export const untouched = {
  neighbour: {
    verdict: "succeeded",
    reason: "done",
    result: "all 300 lines",
    exit: { code: 0, swept: 0 },
    unreadable: 0,
    input: 3300,
    output: 2100,
    final: true,
    costUsd: 0.25,
  },
  leftBehind: [],
} as const;

/** The raw output of an instance's only attempt, as it is kept on disk. */
export function rawOutput({ events }: FaultEnd, instance: string, stream: "stdout" | "stderr" = "stdout"): Buffer {
  const created = events.find((event) => event.type === "run-created");
  const planned = events.find((event) => event.type === "attempt-planned" && event.instance === instance);
  if (created?.type !== "run-created" || planned?.type !== "attempt-planned") {
    throw new Error(`There was no attempt of ${instance}`);
  }
  return readFileSync(join(created.directory, planned.files[stream]));
}
