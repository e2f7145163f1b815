import parse from "parse-prometheus-text-format";
import * as fc from "fast-check";
import { totalSpending, totalTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import { exposition, RunMetrics } from "@claude-orchestrator/telemetry";
import { listRecordedLogs } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { RunFold } from "../run/runFold.ts";
import { anyRun } from "../testing/arbitraryRun.ts";
import { gatewayRun, wordsInside } from "../testing/gatewayRun.ts";
import { created, logged, planned, progressed, samplePlan } from "../testing/sampleRun.ts";

/** What Prometheus fetches of a run whose log says this so far, and how the run stands by then. */
function scrape(events: readonly LoggedEvent[], { fold, metrics } = beginning()) {
  fold.add(events);
  metrics.take(events);
  const { state } = fold;
  if (state === undefined) throw new Error("the log tells nothing");
  const text = exposition(metrics.families({ state, uses: fold.uses(0) }), "prometheus");
  return { text, state, read: valuesOf(text) };
}

function beginning(): { readonly fold: RunFold; readonly metrics: RunMetrics } {
  return { fold: new RunFold(), metrics: new RunMetrics() };
}

/** By a reader that is not ours: `name{label=value,…}` to its number. */
function valuesOf(text: string): ReadonlyMap<string, number> {
  const found = parse(text).flatMap(({ name, metrics }) =>
    metrics.flatMap(({ labels = {}, value }) => {
      const words = Object.entries(labels).map(([label, word]) => `${label}=${word}`);
      return value === undefined ? [] : [[`${name}{${words.join(",")}}`, Number(value)] as const];
    }),
  );
  expect(new Set(found.map(([name]) => name)).size).toBe(found.length);
  return new Map(found);
}

function sumOf(read: ReadonlyMap<string, number>, start: string): number {
  return [...read].reduce((sum, [name, value]) => (name.startsWith(start) ? sum + value : sum), 0);
}

const name = (text: string): string => `claude_orchestrator_${text}`;

describe.each([...listRecordedLogs()])("the recorded run $run", ({ directory }) => {
  test("is told with its own sums", () => {
    const log = openRunLog(directory);
    const { read, state } = scrape([...log.events()]);
    log.close();
    expect(sumOf(read, name("tokens_total{"))).toBe(totalTokens(totalSpending(state).usage));
    expect(sumOf(read, name("instances{"))).toBe(state.instances.size);
    expect(sumOf(read, name("attempts_total{"))).toBe(
      [...state.instances.values()].reduce((sum, { attempts }) => sum + attempts.length, 0),
    );
  });
});

test("any run at any moment gives text that is read, and no counter goes back", () => {
  fc.assert(
    fc.property(anyRun, (events) => {
      const run = beginning();
      let before: ReadonlyMap<string, number> = new Map();
      for (const event of logged(events)) {
        const { read, text } = scrape([event], run);
        const wentBack = [...before].filter(
          ([series, value]) =>
            /_total\{/.test(series) && !series.startsWith("process_") && (read.get(series) ?? 0) < value,
        );
        expect(wentBack).toEqual([]);
        expect(text.endsWith("\n")).toBe(true);
        before = read;
      }
    }),
    { numRuns: 50 },
  );
});

describe("a run through the gateway", () => {
  test("tells requests by how they ended, budgets with what is set aside, and durations", () => {
    const untilReserved = gatewayRun.findIndex(({ type }) => type === "request-reserved") + 1;
    const early = scrape(logged(gatewayRun.slice(0, untilReserved))).read;
    expect(early.get(name("requests_in_flight{}"))).toBe(1);
    expect(early.get(name("budget_reserved{scope=run,unit=tokens}"))).toBe(9000);
    expect(early.get(name("budget_reserved{scope=instance review,unit=tokens}"))).toBe(9000);
    const { read, text } = scrape(logged(gatewayRun));
    expect([...read].filter(([series]) => series.startsWith(name("requests_total")))).toEqual([
      [name("requests_total{model=claude-haiku-4-5,outcome=answered}"), 2],
      [name("requests_total{model=claude-haiku-4-5,outcome=cut}"), 1],
      [name("requests_total{model=claude-haiku-4-5,outcome=refused}"), 1],
    ]);
    expect(read.get(name("budget_limit{scope=run,unit=tokens}"))).toBe(20_000);
    expect(text).toContain(name('request_duration_seconds_bucket{model="claude-haiku-4-5",le="2.5"} 3\n'));
    expect(text).toContain(name('request_duration_seconds_sum{model="claude-haiku-4-5"} 4.5\n'));
  });

  test("tells no word that a person or an agent wrote", () => {
    const { text } = scrape(logged(gatewayRun));
    expect(wordsInside.filter((word) => text.includes(word))).toEqual([]);
  });
});

test("a command budget of a whole prompt is told without it", () => {
  const scope = { kind: "command", command: "say what the boss earns" } as const;
  const plan = samplePlan(["a"], { limits: [{ scope, unit: "tokens", limit: 5, enforcement: "warn" }] });
  expect(scrape(logged([created(plan)])).read.get(name("budget_limit{scope=command,unit=tokens}"))).toBe(5);
});

test("models beyond the bound are told together, however many an agent makes up", () => {
  const events: readonly RunEvent[] = Array.from({ length: 60 }, (_each, at) =>
    progressed("a", 1, "", { byModel: { [`model-${at}`]: { usage: { ...emptyUsage, input: 1 } } } }),
  );
  const run = beginning();
  const reads = logged([created(samplePlan(["a"])), planned("a"), ...events]).map((event) => scrape([event], run).read);
  const read = reads.at(-1) ?? new Map<string, number>();
  const models = new Set([...read.keys()].map((series) => /model=([^,}]+)/.exec(series)?.[1]));
  expect([models.size <= 52, models.has("other")]).toEqual([true, true]);
});

const emptyUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
