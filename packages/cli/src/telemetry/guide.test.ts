import { readFileSync } from "node:fs";
import { foldRun } from "@claude-orchestrator/domain";
import { RunMetrics } from "@claude-orchestrator/telemetry";
import { expect, test } from "vitest";
import { gatewayRun } from "../testing/gatewayRun.ts";
import { logged } from "../testing/sampleRun.ts";
import { spansOf } from "../testing/spansOf.ts";

const guide = readFileSync(new URL("../../../../docs/guide/telemetry.md", import.meta.url), "utf8");

/** Whole, or shortened to its last part where the one before it has the beginning. */
function isNamed(name: string): boolean {
  const short = name.replace(/^claude_orchestrator(?:\.budget)?/, "").replace(/^_budget/, "…");
  return guide.includes(`\`${name}\``) || guide.includes(`\`${short}\``);
}

test("the guide names every attribute and every event that leaves", async () => {
  const { spans } = await spansOf([logged(gatewayRun)]);
  const events = spans.flatMap((span) => span.events);
  const names = [...spans, ...events].flatMap(({ attributes }) => Object.keys(attributes));
  expect([...new Set([...names, ...events.map(({ name }) => name)])].filter((name) => !isNamed(name))).toEqual([]);
});

test("the guide names every metric", () => {
  const metrics = new RunMetrics();
  const state = foldRun(logged(gatewayRun));
  if (state === undefined) throw new Error("the sample tells nothing");
  const families = metrics.families({ state, uses: [] });
  const names = families.map(({ name, type }) => (type === "counter" ? `${name}_total` : name));
  expect(names.filter((name) => !isNamed(name))).toEqual([]);
});
