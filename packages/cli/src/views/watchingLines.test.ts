import { expect, test } from "vitest";
import { samplePlan } from "../testing/sampleRun.ts";
import { watchingLines } from "./watchingLines.ts";

const texts = (plan: Parameters<typeof watchingLines>[0]): readonly string[] =>
  watchingLines(plan).map((spans) => (Array.isArray(spans) ? spans.map(({ text }) => text).join("") : ""));

test("a plan says who is told of what, without the secret of an address, and how usage windows are kept", () => {
  const plan = samplePlan(["a"], {
    notify: [
      { kind: "webhook", url: { text: "https://hooks.example.com/T0/secret" }, allowPrivate: false, on: ["failed"] },
      { kind: "desktop", on: ["finished", "budget_80"] },
    ],
    usage: { onLimit: "wait", waitMaxMs: 3_600_000, reserve: 0.2 },
  });
  expect(texts(plan)).toEqual([
    "",
    "Told of it",
    "  webhook https://hooks.example.com: failed",
    "  desktop: finished, budget_80",
    "",
    "Usage windows",
    "  one that is used up is waited for, up to 1h; 20 % of each are left to people",
  ]);
});

test("a plan says where telemetry goes", () => {
  expect(texts(samplePlan(["a"], { telemetry: { traces: {}, metricsPort: 9464 } }))).toEqual([
    "",
    "Telemetry",
    "  spans go to the collector that the environment names, else http://localhost:4318",
    "  metrics at http://127.0.0.1:9464/metrics",
  ]);
});

test("a plan that says nothing of either has no lines for them", () => {
  expect(watchingLines(samplePlan(["a"]))).toEqual([]);
});
