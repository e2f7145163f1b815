import { foldRun, makeRunId } from "@claude-orchestrator/domain";
import type { RunEvent, RunState } from "@claude-orchestrator/domain";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resultDocument } from "../reports/resultDocument.ts";
import { anyRun, nastyText } from "../testing/arbitraryRun.ts";
import { created, ended, logged, noon, planned, runSettled, samplePlan, settled } from "../testing/sampleRun.ts";
import { readResult } from "./readResult.ts";
import { runUseOf } from "./runUse.ts";

function settledRun(events: readonly RunEvent[]): {
  readonly state: RunState;
  readonly settledAt: number;
  text: string;
} {
  const whole = events.at(-1)?.type === "run-settled" ? events : [...events, runSettled()];
  const state = foldRun(logged(whole));
  if (state?.phase.status !== "settled") throw new Error("the sample has not settled");
  return { state, settledAt: state.phase.at, text: JSON.stringify(resultDocument(state, [])) };
}

const sample = settledRun([created(samplePlan(["a", "b"])), planned("a"), ended("a"), settled("a"), planned("b")]);
const { id } = sample.state;
const known = { id, settledAt: sample.settledAt };

describe("a result file", () => {
  test("tells of a run's use what its log tells, whatever the run was", () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const { state, settledAt, text } = settledRun(events);
        const use = readResult(text, { id: state.id, settledAt });
        expect(use).toEqual(JSON.parse(JSON.stringify(runUseOf(state))));
      }),
    );
  });

  test("is not believed where it is of another run, of an earlier end, or cut off", () => {
    expect(readResult(sample.text, known)).toEqual(runUseOf(sample.state));
    expect(readResult(sample.text, { ...known, id: makeRunId(noon, () => 0.1) })).toBeUndefined();
    expect(readResult(sample.text, { ...known, settledAt: sample.settledAt + 1 })).toBeUndefined();
    expect(readResult(sample.text.slice(0, -1), known)).toBeUndefined();
  });

  test("that says anything else is not read, and breaks nothing", () => {
    const paths: string[][] = [];
    const walk = (value: unknown, path: string[]): void => {
      paths.push(path);
      if (typeof value !== "object" || value === null) return;
      for (const [key, each] of Object.entries(value)) walk(each, [...path, key]);
    };
    walk(JSON.parse(sample.text), []);
    const hostile = fc.oneof(
      fc.jsonValue(),
      nastyText,
      fc.constantFrom(-1, Number.MAX_VALUE, 0.5, null, {}, [], "1e9"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), hostile, (path, value) => {
        const document: unknown = JSON.parse(sample.text);
        const use = readResult(JSON.stringify(path.length === 0 ? value : put(document, path, value)), known);
        for (const { at, models } of use?.attempts ?? []) {
          expect(Number.isFinite(at)).toBe(true);
          for (const { usage, costUsd = 0 } of models) {
            for (const each of [...Object.values(usage), costUsd]) expect(each).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => readResult(text, known) === undefined));
  });
});

function put(document: unknown, path: readonly string[], value: unknown): unknown {
  const [key = "", ...rest] = path;
  if (path.length === 0) return value;
  const before = document as Record<string, unknown>;
  const after = put(before[key], rest, value);
  return Array.isArray(document)
    ? document.map((each: unknown, at) => (String(at) === key ? after : each))
    : { ...before, [key]: after };
}
