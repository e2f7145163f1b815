import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { noUsage, totalTokens } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { claudePath, createRig, dummyKey } from "./rig.ts";
import type { FinishedRun } from "./rig.ts";
import { detach, killSupervisor } from "./support/detached.ts";
import { readLog } from "./support/invariants.ts";

const haiku = { defaults: { model: "haiku" }, gateway: "on" };

function settled(run: FinishedRun) {
  return run.events.filter((event) => event.type === "request-settled");
}

/** What must hold of the money of every run on this path. */
function books(run: FinishedRun) {
  const ends = settled(run);
  const open = new Set(run.events.flatMap((event) => (event.type === "request-reserved" ? [keyOf(event)] : [])));
  for (const end of ends) open.delete(keyOf(end));
  return {
    leaked: [...open],
    tokens: ends.reduce((sum, { usage }) => sum + totalTokens(usage), 0),
    costUsd: ends.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0),
  };
}

/** The tokens that Claude Code's own last word counts, over all models. */
function toldByClaude(output: string): number {
  const last =
    output
      .trimEnd()
      .split("\n")
      .findLast((line) => line.includes('"type":"result"')) ?? "{}";
  const { modelUsage = {} } = JSON.parse(last) as { modelUsage?: Record<string, Record<string, number>> };
  const kinds = ["inputTokens", "outputTokens", "cacheReadInputTokens", "cacheCreationInputTokens"];
  return Object.values(modelUsage)
    .flatMap((model) => kinds.map((kind) => model[kind] ?? 0))
    .reduce((sum, each) => sum + each, 0);
}

function keyOf(event: Extract<LoggedEvent, { readonly request: number }>): string {
  return `${event.instance}#${event.attempt}/${event.request}`;
}

describe("Claude Code through the gateway", () => {
  test("works as without it: streams, tools and sub-agents, counted request by request as the API counts", async () => {
    await using rig = await createRig({
      config: {
        ...haiku,
        instances: [
          { name: "text", prompt: "[[mock:text]] Say hello" },
          { name: "tool", prompt: "[[mock:tool-bash]] Use a tool", allowed_tools: ["Bash"] },
          { name: "delegates", prompt: "[[mock:subagent]] Delegate" },
          { name: "caches", prompt: "[[mock:cache]] Use a cache" },
        ],
      },
    });
    const run = await rig.run();
    expect([run.exitCode, run.verdicts]).toEqual([
      0,
      { text: "succeeded", tool: "succeeded", delegates: "succeeded", caches: "succeeded" },
    ]);
    const { leaked, tokens, costUsd } = books(run);
    expect(leaked).toEqual([]);
    const asked = rig.model.requests().filter(({ method, path }) => method === "POST" && path.includes("/v1/messages"));
    expect(settled(run).length).toBe(asked.length);
    expect(settled(run).every(({ counted, outcome }) => counted === "reported" && outcome === "answered")).toBe(true);
    // Three ledgers that know nothing of each other: the API's, the gateway's, and each agent's own.
    const told = asked.reduce(
      (sum, { told: one }) => sum + Object.values(one ?? {}).reduce((all, each) => all + each, 0),
      0,
    );
    const own = run.result.instances.reduce((sum, { name }) => sum + toldByClaude(run.rawOutput(name)), 0);
    expect([told, own]).toEqual([tokens, tokens]);
    expect([run.result.tokens["total"], run.result.cost_usd]).toEqual([tokens, expect.closeTo(costUsd, 9)]);
    expect(rig.model.requests().every(({ headers }) => headers["x-api-key"] === dummyKey)).toBe(true);
    const bySubAgent = run.events.filter((event) => event.type === "request-reserved" && event.subAgent !== undefined);
    const ids = asked.flatMap(({ headers }) => headers["x-claude-code-agent-id"] ?? []);
    expect(bySubAgent.map((event) => ("subAgent" in event ? event.subAgent : ""))).toEqual(ids);
    expect([ids.length > 0, new Set(ids).size]).toEqual([true, 1]);
  });

  test("whose stream is cut asks again, and every try is settled", async () => {
    await using rig = await createRig({
      config: { ...haiku, instances: [{ name: "cut", prompt: "[[mock:cut-once]] Go on" }] },
    });
    const run = await rig.run();
    expect(run.verdicts).toEqual({ cut: "succeeded" });
    expect(books(run).leaked).toEqual([]);
    expect(settled(run).map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(["cut", "answered"]));
  });

  test("that the API refuses fails with the API's own words, and has spent nothing", async () => {
    await using rig = await createRig({
      config: { ...haiku, instances: [{ name: "bad", prompt: "[[mock:400]] Ask" }] },
    });
    const run = await rig.run();
    expect(run.instance("bad").failure?.message).toContain("something is wrong");
    expect([books(run).leaked, run.result.tokens["total"]]).toEqual([[], 0]);
  });

  test("ends at once when the next request does not fit, with nothing spent over the limit, and goes on when it is raised", async () => {
    const fleet = (tokens: number) => ({
      ...haiku,
      gateway: { max_output_tokens: 1000 },
      budget: { tokens, on_exceed: "block" },
      instances: [{ name: "long", prompt: "[[mock:tool-bash]] Use a tool", allowed_tools: ["Bash"] }],
    });
    await using rig = await createRig({ config: fleet(61_000) });
    const run = await rig.run();
    const { leaked, tokens } = books(run);
    expect([run.exitCode, run.verdicts, leaked]).toEqual([3, { long: "budget_exceeded" }, []]);
    expect(run.instance("long").reason).toContain("has no room for a request that may cost");
    expect(run.events.filter(({ type }) => type === "request-refused").length).toBe(1);
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThanOrEqual(61_000);
    writeFileSync(rig.path("fleet.json"), JSON.stringify(fleet(400_000)));
    const raised = await rig.command(["retry", run.result.run, "--failed", "--accept-changes"]);
    expect([raised.exitCode, raised.stderr]).toEqual([0, expect.any(String)]);
  });

  test("by another address, in the file's env or in the person's own settings, is kept from it: a budget that holds is not walked around", async () => {
    await using rig = await createRig({
      config: {
        ...haiku,
        instances: [
          {
            name: "own",
            prompt: "[[mock:text]] Hi",
            env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:9", ANTHROPIC_API_KEY: "x" },
          },
        ],
      },
    });
    const home = join(rig.environment["HOME"] ?? "", ".claude");
    mkdirSync(home);
    const elsewhere = { env: { ANTHROPIC_BASE_URL: rig.model.url, ANTHROPIC_API_KEY: "another" } };
    writeFileSync(join(home, "settings.json"), JSON.stringify(elsewhere));
    const run = await rig.run();
    expect([run.verdicts, settled(run).length]).toEqual([{ own: "succeeded" }, 1]);
    expect(rig.model.requests().every(({ headers }) => headers["x-api-key"] === dummyKey)).toBe(true);
  });
});

test("a supervisor that is killed leaves its agents a gateway to come: the next one listens where they ask, and knows their tokens", async () => {
  const sweep = { CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" };
  await using rig = await createRig({
    config: `gateway: on
budget: { tokens: 1000000 }
defaults: { model: haiku }
instances: [{ name: sleeper, prompt: "[[mock:tool-sleep5]] Sleep", allowed_tools: [Bash] }]
`,
    env: sweep,
  });
  const run = await detach(rig, ["--agent-path", `claude=${claudePath}`]);
  await rig.processRunning("setTimeout");
  await killSupervisor(run);
  const keyless = await rig.command(["resume", run.run], { env: { ANTHROPIC_API_KEY: "" } });
  expect([keyless.exitCode, keyless.stderr]).toEqual([
    2,
    expect.stringMatching(/no key for anthropic is known .* now/),
  ]);
  const resumed = await rig.command(["resume", run.run, "--json"]);
  expect([resumed.exitCode, resumed.stderr]).toEqual([0, expect.any(String)]);
  const events = readLog(run.directory);
  expect(events.filter(({ type }) => type === "attempt-planned").length).toBe(1);
  expect(events.filter(({ type }) => type === "attempt-adopted").length).toBe(1);
  const adoptedAt = events.findIndex(({ type }) => type === "attempt-adopted");
  expect(events.slice(adoptedAt).some(({ type }) => type === "request-reserved")).toBe(true);
  const asked = rig.model.requests().filter(({ method, path }) => method === "POST" && path.includes("/v1/messages"));
  expect(events.filter(({ type }) => type === "request-settled").length).toBe(asked.length);
});

test("a run that is ended after its supervisor was killed charges what was under way with all that was set aside", async () => {
  await using rig = await createRig({
    config: `gateway: on
defaults: { model: haiku }
instances: [{ name: waits, prompt: "[[mock:hang]] Wait" }]
`,
    env: { CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" },
  });
  const run = await detach(rig, ["--agent-path", `claude=${claudePath}`]);
  await rig.model.waitFor(({ scenario }) => scenario === "hang");
  await killSupervisor(run);
  expect((await rig.command(["stop", run.run, "--force"])).exitCode).toBe(0);
  const events = readLog(run.directory);
  const reserved = events.flatMap((event) => (event.type === "request-reserved" ? [event.worst] : []));
  const ends = events.filter((event) => event.type === "request-settled");
  expect(reserved.length).toBe(1);
  expect(ends.map(({ outcome, counted, costUsd }) => ({ outcome, counted, costUsd }))).toEqual([
    { outcome: "lost", counted: "assumed", costUsd: reserved[0]?.costUsd },
  ]);
  const ended = events.find((event) => event.type === "attempt-ended");
  expect(totalTokens(ended?.spent.usage ?? noUsage)).toBe(reserved[0]?.tokens);
});
