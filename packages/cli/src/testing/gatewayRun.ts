import { noUsage } from "@claude-orchestrator/domain";
import type { RunEvent } from "@claude-orchestrator/domain";
import {
  created,
  ended,
  limit,
  planned,
  runSettled,
  sampleInstance,
  samplePlan,
  settled,
  spending,
} from "./sampleRun.ts";

const secret = "the prompt that nobody outside may read";

/** Everything that tells of a run through the gateway, with words that must not leave it. */
export const wordsInside: readonly string[] = [secret, "what the agent answered", "/tmp/work", "why it was denied"];

const reserve = (request: number, attempt = 1): RunEvent => ({
  type: "request-reserved",
  instance: "review",
  attempt,
  request,
  model: "claude-haiku-4-5",
  worst: { tokens: 9000, costUsd: 0.05 },
});

const settle = (request: number, changes: Partial<Extract<RunEvent, { type: "request-settled" }>> = {}): RunEvent => ({
  type: "request-settled",
  instance: "review",
  attempt: 1,
  request,
  model: "claude-haiku-4-5",
  usage: { ...noUsage, input: 100, output: 20, cacheRead: 3000 },
  costUsd: 0.001,
  outcome: "answered",
  counted: "reported",
  status: 200,
  durationMs: 1500,
  ...changes,
});

const way = { gateway: { url: "http://127.0.0.1:1", tokenHash: "00" } };

/** A first attempt that is cut off and retried, a second one that a budget ends, one instance skipped; then both asked again. */
export const gatewayRun: readonly RunEvent[] = [
  created(
    samplePlan(["review", "after"], {
      limits: [limit({ unit: "tokens", limit: 20_000 }), limit({ scope: { kind: "instance", instance: "review" } })],
      instances: [
        sampleInstance("review", { work: { kind: "prompt", text: secret, before: [] } }),
        sampleInstance("after"),
      ],
    }),
  ),
  { type: "run-started" },
  { ...planned("review"), ...way },
  {
    type: "attempt-identified",
    instance: "review",
    attempt: 1,
    sessionId: "s-1",
    model: "claude-haiku-4-5",
    agentVersion: "2.1.330",
  },
  reserve(1),
  settle(1),
  { type: "attempt-denied", instance: "review", attempt: 1, tool: "Bash", reason: "why it was denied" },
  reserve(2),
  settle(2, { outcome: "cut", counted: "estimated", usage: { ...noUsage, input: 50 }, costUsd: 0.0001 }),
  ended("review", {
    verdict: "rate_limited",
    reason: "what the agent answered",
    failure: { kind: "rate_limit", message: "what the agent answered" },
    spent: spending(3170, 0.0011),
    result: "what the agent answered",
  }),
  {
    type: "retry-scheduled",
    instance: "review",
    attempt: 2,
    until: 1,
    reason: "what the agent answered",
    resume: true,
  },
  { ...planned("review", 2), ...way },
  {
    type: "budget-exceeded",
    scope: { kind: "run" },
    unit: "tokens",
    limit: 20_000,
    used: 20_001,
    enforcement: "block",
  },
  {
    type: "request-refused",
    instance: "review",
    attempt: 2,
    model: "claude-haiku-4-5",
    worst: { tokens: 9000, costUsd: 0.05 },
    reason: "does not fit",
  },
  { type: "attempt-stopping", instance: "review", attempt: 2, cause: { kind: "user" } },
  { ...ended("review", { verdict: "budget_exceeded", spent: spending(0, 0) }), attempt: 2 } as RunEvent,
  settled("review", { verdict: "budget_exceeded", verification: "unverified", reason: "what the agent answered" }),
  settled("after", { verdict: "skipped" }),
  runSettled({ outcome: "budget_exceeded", exitCode: 3 }),
  { type: "run-reopened", instances: ["review", "after"] },
  { ...planned("review", 3), ...way },
  reserve(1, 3),
  settle(1, { attempt: 3 }),
  { ...ended("review", { spent: spending(3120, 0.001) }), attempt: 3 } as RunEvent,
  settled("review"),
  planned("after"),
  ended("after"),
  settled("after"),
  runSettled(),
];
