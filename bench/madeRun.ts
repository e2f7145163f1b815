import path from "node:path";
import type { InstancePlan, Plan, RunEvent, Spending } from "@claude-orchestrator/domain";
import { makeRunId } from "@claude-orchestrator/domain";
import { createClock } from "@claude-orchestrator/host";
import { createRunLog } from "@claude-orchestrator/store";
import type { RunLog } from "@claude-orchestrator/store";

/** A run that no supervisor drives: its log is written here, so that what is measured is who reads it. */
export interface MadeRun {
  readonly id: string;
  readonly log: RunLog;
  readonly names: readonly string[];
  /** An instance's agent says something; `number` tells one saying from another. */
  says(name: string, text: string): void;
  begins(name: string): void;
  ends(name: string, verdict: "succeeded" | "failed"): void;
}

/** Creates the run's log and tells of its plan: so many instances in matrices of that size, each after the one ten before it. */
export function makeRun(runsFolder: string, name: string, instances: number, groupSize = 100): MadeRun {
  const id = makeRunId(Date.now(), Math.random);
  const log = createRunLog(path.join(runsFolder, id), id, { clock: createClock(), programVersion: "0.1.0" });
  const plan = planOf(name, instances, groupSize);
  const machine = { platform: "linux", node: "24", cores: 2, containment: "process groups" };
  log.append({ type: "run-created", id, plan, version: "0.1.0", directory: id, machine });
  log.append({ type: "run-started" });
  const turns = new Map<string, number>();
  return {
    id,
    log,
    names: plan.instances.map((each) => each.name),
    begins: (instance) => {
      for (const event of beginning(instance)) log.append(event);
    },
    says: (instance, text) => {
      const turn = (turns.get(instance) ?? 0) + 1;
      turns.set(instance, turn);
      log.append({
        type: "attempt-progressed",
        instance,
        attempt: 1,
        ...counted(turn),
        activity: [{ kind: "text", text }],
        omitted: 0,
      });
    },
    ends: (instance, verdict) => {
      const turn = turns.get(instance) ?? 1;
      turns.delete(instance);
      for (const event of ending(instance, verdict, turn)) log.append(event);
    },
  };
}

function planOf(name: string, count: number, groupSize: number): Plan {
  return {
    name,
    workspace: "/project",
    concurrency: 100,
    startupDelayMs: 0,
    variables: {},
    limits: [],
    hideBudgets: false,
    notices: [],
    instances: Array.from({ length: count }, (_, index) => instanceOf(index, groupSize)),
  };
}

function instanceOf(index: number, groupSize: number): InstancePlan {
  const group = Math.floor(index / groupSize);
  return {
    name: `review-${group} (part=${index % groupSize})`,
    group: `review-${group}`,
    matrix: { part: index % groupSize },
    agent: "claude",
    work: { kind: "prompt", text: "look at this part of the program and say what is wrong with it", before: [] },
    addDirs: [],
    permissionMode: "default",
    outputFormat: "stream-json",
    session: { resume: false, clear: false },
    env: { values: {}, pass: [] },
    cwd: "/project",
    needs: group < 10 ? [] : [{ instance: `review-${group - 10}`, when: "success" }],
    retry: { attempts: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [] },
    priority: 0,
    continueOnFailure: false,
    successWhen: [],
    trustWorkspace: false,
  };
}

function beginning(instance: string): readonly RunEvent[] {
  const files = { stdout: `attempts/${instance}.stdout`, stderr: `attempts/${instance}.stderr` };
  const argv = ["claude", "-p", "look at this part of the program", "--output-format", "stream-json"];
  const place = { instance, attempt: 1 } as const;
  return [
    {
      type: "attempt-planned",
      ...place,
      agent: "claude",
      argv,
      envNames: ["PATH"],
      cwd: "/project",
      files,
      marker: instance,
    },
    { type: "attempt-started", ...place, process: { pid: 1, startTime: "1", bootId: "b" } },
    {
      type: "attempt-identified",
      ...place,
      sessionId: "00000000-0000-4000-8000-000000000000",
      model: "claude-opus-5-5",
    },
  ];
}

function ending(instance: string, verdict: "succeeded" | "failed", turn: number): readonly RunEvent[] {
  const reason = verdict === "succeeded" ? "exit 0" : "exit 1";
  const end = { verdict, verification: "unverified", reason } as const;
  const result = verdict === "succeeded" ? { result: "Two things are wrong, and both are mended." } : {};
  const exit = { code: verdict === "succeeded" ? 0 : 1, swept: 0 };
  const lastLines = verdict === "succeeded" ? [] : ["error: it does not compile"];
  return [
    {
      type: "attempt-ended",
      instance,
      attempt: 1,
      ...end,
      ...counted(turn),
      exit,
      durationMs: 60_000,
      ...result,
      lastLines,
    },
    { type: "instance-settled", instance, ...end },
  ];
}

function counted(turn: number) {
  const usage = {
    input: 10 * turn,
    output: 50 * turn,
    cacheRead: 100 * turn,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    reasoning: 0,
  };
  const costUsd = 0.001 * turn;
  const byModel = { "claude-opus-5-5": { usage, costUsd } };
  const spent: Spending = { byModel, usage, costUsd, costSource: "reported", final: true };
  return { spent, tools: { Bash: turn }, turns: turn, events: 3 * turn, unreadable: 0 };
}
