import * as fc from "fast-check";
import { totalSpending, totalTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import { listRecordedLogs } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { anyRun } from "../testing/arbitraryRun.ts";
import { gatewayRun, wordsInside } from "../testing/gatewayRun.ts";
import { created, logged, planned, samplePlan, settled, stateOf } from "../testing/sampleRun.ts";
import { spansOf } from "../testing/spansOf.ts";
import type { ReceivedSpan } from "../testing/spansOf.ts";
import { RunFold } from "../run/runFold.ts";

const run = logged(gatewayRun);

/** What must hold of every trace. */
function expectSound(spans: readonly ReceivedSpan[], isWhole: boolean): void {
  const ids = spans.map(({ spanId }) => spanId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBeLessThanOrEqual(1);
  for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
    expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
  }
  if (!isWhole) return;
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.includes(parentSpanId));
  expect(orphans).toEqual([]);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined).length).toBe(1);
}

function tokensOf(spans: readonly ReceivedSpan[], operation: string): number {
  return spans
    .filter(({ attributes }) => attributes["gen_ai.operation.name"] === operation)
    .map(
      ({ attributes }) =>
        Number(attributes["gen_ai.usage.input_tokens"]) + Number(attributes["gen_ai.usage.output_tokens"]),
    )
    .reduce((sum, each) => sum + each, 0);
}

describe.each([...listRecordedLogs()])("the recorded run $run", ({ directory }) => {
  test("gives a whole trace, and its attempts' tokens are the run's", async () => {
    const log = openRunLog(directory);
    const events = [...log.events()];
    log.close();
    const fold = new RunFold();
    fold.add(events);
    if (fold.state === undefined) throw new Error("the log tells nothing");
    const { spans } = await spansOf([events]);
    expectSound(spans, true);
    expect(tokensOf(spans, "invoke_agent")).toBe(totalTokens(totalSpending(fold.state).usage));
    const [root] = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(root?.attributes["claude_orchestrator.tokens"]).toBe(totalTokens(totalSpending(fold.state).usage));
  });
});

describe("any run", () => {
  test("gives a sound trace, with the same spans in one go and over many lives of a supervisor", async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, fc.nat(), async (events, cut) => {
        const all = logged(events);
        const { spans } = await spansOf([all]);
        expectSound(spans, all.at(-1)?.type === "run-settled" && countOpen(all) === 0);
        const at = cut % (all.length + 1);
        const first = await spansOf([all.slice(0, at)]);
        const second = await spansOf([all.slice(0, at), all], { sentBefore: first.sent });
        expect([...first.spans, ...second.spans]).toEqual(spans);
      }),
      { numRuns: 100 },
    );
  });
});

/** Instances that the log leaves before their end: their spans never end either. */
function countOpen(events: readonly LoggedEvent[]): number {
  const named = new Set(events.flatMap((event) => ("instance" in event ? [event.instance] : [])));
  for (const event of events) if (event.type === "instance-settled") named.delete(event.instance);
  return named.size;
}

describe("a run through the gateway that was retried, refused and asked for again", () => {
  test("is run > instance > attempt > request, each inside the one before", async () => {
    const { spans } = await spansOf([run]);
    expectSound(spans, true);
    const nameOf = (id: string | undefined): string => spans.find(({ spanId }) => spanId === id)?.name ?? "-";
    expect(spans.map(({ name, parentSpanId }) => `${nameOf(parentSpanId)} > ${name}`)).toEqual([
      "invoke_agent claude > chat claude-haiku-4-5",
      "invoke_agent claude > chat claude-haiku-4-5",
      "review > invoke_agent claude",
      "review > invoke_agent claude",
      "run nightly > review",
      "run nightly > after",
      "- > run nightly",
      "invoke_agent claude > chat claude-haiku-4-5",
      "review > invoke_agent claude",
      "run nightly > review",
      "after > invoke_agent claude",
      "run nightly > after",
      "run nightly > run nightly",
    ]);
    expect(tokensOf(spans, "invoke_agent")).toBe(totalTokens(totalSpending(stateOf(gatewayRun)).usage));
  });

  test("has links to what it goes on with, statuses by verdict, and events for what was refused", async () => {
    const { spans } = await spansOf([run]);
    const [first, second] = spans.filter(({ name }) => name === "invoke_agent claude");
    expect(second?.links.map(({ spanId }) => spanId)).toEqual([first?.spanId]);
    expect(first?.status).toEqual({ code: 2, message: "rate_limited" });
    expect(first?.attributes).toMatchObject({ "error.type": "rate_limit", "gen_ai.conversation.id": "s-1" });
    expect(first?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["permission-denied", { "claude_orchestrator.tool": "Bash" }],
    ]);
    expect(second?.events.map(({ name }) => name)).toEqual(["request-refused", "attempt-stopping"]);
    const skipped = spans.find(({ name }) => name === "after");
    expect(skipped?.status).toEqual({ code: 0 });
    const [before, after] = spans.filter(({ name }) => name === "run nightly");
    expect(before?.events.map(({ name }) => name)).toEqual(["budget-exceeded"]);
    expect([after?.links.map(({ spanId }) => spanId), after?.status.code]).toEqual([[before?.spanId], 1]);
  });

  test("has of each request what the conventions ask for", async () => {
    const { spans } = await spansOf([run]);
    const [answered, cut] = spans.filter(({ kind }) => kind === 3);
    expect(answered?.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.request.model": "claude-haiku-4-5",
      "gen_ai.response.model": "claude-haiku-4-5",
      "gen_ai.usage.input_tokens": 3100,
      "gen_ai.usage.output_tokens": 20,
      "gen_ai.usage.cache_read.input_tokens": 3000,
      "http.response.status_code": 200,
      "claude_orchestrator.request": 1,
      "claude_orchestrator.cost_usd": 0.001,
      "claude_orchestrator.outcome": "answered",
      "claude_orchestrator.counted": "reported",
    });
    expect([cut?.status, cut?.attributes["error.type"]]).toEqual([{ code: 2, message: "cut" }, "cut"]);
  });

  test("takes no word out of it that a person or an agent wrote", async () => {
    const { text } = await spansOf([run]);
    expect(wordsInside.filter((word) => text.includes(word))).toEqual([]);
  });

  test("tells the programs of an attempt which span they work in", async () => {
    const { id } = stateOf(gatewayRun);
    const { spans, traceparentOf } = await spansOf([run], { id });
    const ids = spans
      .filter(({ name }) => name === "invoke_agent claude")
      .map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
    expect([1, 2, 3].map((attempt) => traceparentOf("review", attempt))).toEqual(ids.slice(0, 3));
  });

  test("is in the trace it was started in", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const { spans } = await spansOf([run], { traceparent });
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(["0af7651916cd43dd8448eb211c80319c"]));
    expect(spans.filter(({ parentSpanId }) => parentSpanId === "b7ad6b7169203331").map(({ name }) => name)).toEqual([
      "run nightly",
    ]);
  });
});

test("an instance whose name was made of its prompt is told by its place", async () => {
  const prompt = "Find out why Ada's salary is wrong";
  const plan = samplePlan([`${prompt.slice(0, 30)}...`, "named"]);
  const asked = plan.instances.map((instance, at) =>
    at === 0 ? { ...instance, work: { kind: "prompt" as const, text: prompt, before: [] } } : instance,
  );
  const events = [
    created({ ...plan, instances: asked }),
    ...plan.instances.flatMap(({ name }) => [planned(name), settled(name)]),
  ];
  const { spans, text } = await spansOf([logged(events)]);
  expect(spans.map(({ name }) => name)).toEqual(["instance 1", "named"]);
  expect(text).not.toContain("salary");
});
