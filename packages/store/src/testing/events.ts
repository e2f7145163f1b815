import { type LoggedEvent, type RunEvent, type RunId, makeRunId, noUsage, verdicts } from "@claude-orchestrator/domain";
import * as fc from "fast-check";

/** A run's id that sorts by `now`. */
export function runIdAt(now: number): RunId {
  return makeRunId(now, () => 0.5);
}

export function progressed(text: string): RunEvent {
  return {
    type: "attempt-progressed",
    instance: "build",
    attempt: 1,
    spent: { byModel: {}, usage: noUsage, costSource: "none", final: false },
    tools: { Bash: 2 },
    turns: 1,
    events: 10,
    unreadable: 0,
    activity: [{ kind: "text", text }],
    omitted: 0,
  };
}

export function created(id: RunId, name: string, instances: readonly string[]): RunEvent {
  return {
    type: "run-created",
    id,
    version: "0.1.0",
    directory: "runs",
    machine: { platform: "linux", node: "24", cores: 2, containment: "process groups" },
    plan: {
      name,
      workspace: "/project",
      concurrency: 4,
      startupDelayMs: 0,
      variables: {},
      limits: [],
      hideBudgets: false,
      notices: [],
      instances: instances.map((instance) => ({
        name: instance,
        group: instance,
        agent: "claude",
        work: { kind: "prompt", text: "say hello", before: [] },
        addDirs: [],
        permissionMode: "default",
        outputFormat: "stream-json",
        session: { resume: false, clear: false },
        env: { values: {}, pass: [] },
        cwd: "/project",
        needs: [],
        retry: { attempts: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [] },
        priority: 0,
        continueOnFailure: false,
        successWhen: [],
        trustWorkspace: false,
      })),
    },
  };
}

export function instanceSettled(instance: string, verdict: "succeeded" | "failed"): RunEvent {
  return { type: "instance-settled", instance, verdict, verification: "unverified", reason: "exit 0" };
}

/** Events of several shapes and sizes; texts of any characters, half surrogate pairs and NUL included. */
export const anyEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.constant<RunEvent>({ type: "run-started" }),
  anyText(200).map(progressed),
  fc.tuple(anyText(20), fc.constantFrom(...verdicts), anyText(40)).map(([instance, verdict, reason]): RunEvent => ({
    type: "instance-settled",
    instance,
    verdict,
    verification: "unverified",
    reason,
  })),
  fc.jsonValue().map((value): RunEvent => ({
    type: "budget-exceeded",
    scope: { kind: "command", command: JSON.stringify(value) },
    unit: "tokens",
    limit: 1,
    used: 2,
    enforcement: "block",
  })),
);

/** The events as a log holds them when it got them one by one from its clock. */
export function numbered(events: readonly RunEvent[], at: number): readonly LoggedEvent[] {
  return events.map((event, index) => ({ ...event, seq: index + 1, at }));
}

function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength })
    .map((units) => units.map((unit) => String.fromCharCode(unit)).join(""));
}
