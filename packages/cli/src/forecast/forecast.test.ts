import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noUsage } from "@claude-orchestrator/domain";
import type { RunEvent } from "@claude-orchestrator/domain";
import { listRecordedLogs } from "@claude-orchestrator/testkit";
import { commands } from "../commands/list.ts";
import { parseArguments } from "../program/parse.ts";
import { answerOf } from "../testing/answerOf.ts";
import type { Answer } from "../testing/answerOf.ts";
import { makeFolder } from "../testing/folder.ts";
import type { PastRunWish } from "../testing/pastRun.ts";
import { writePastRun } from "../testing/pastRun.ts";
import { limit, noon, sampleInstance, samplePlan, stateOf, created } from "../testing/sampleRun.ts";
import { forecastLines, forecastPlan, withExpectations } from "./door.ts";
import { forecastJson } from "./forecastPlan.ts";
import { readPastRuns } from "./readPastRuns.ts";

const hour = 3_600_000;

function typed(cwd: string, ...argv: readonly string[]): Promise<Answer> {
  const parsed = parseArguments(argv, commands);
  if (parsed.kind === "help") throw new Error("help came instead");
  return answerOf((io) => parsed.command.run(parsed.words, parsed.flags, io), cwd);
}

const model = "claude-sonnet-4-5";
const instances = { review: { model, commandKey: "/review" } };

/** Runs an hour apart, a little dearer from one to the next. */
async function writeRuns(folder: string, count: number, changes: Partial<PastRunWish> = {}): Promise<void> {
  for (let run = 0; run < count; run += 1) {
    const factor = 1 + (run % 5) / 10;
    await writePastRun(join(folder, "runs"), {
      at: noon + run * hour,
      tookMs: Math.round(60_000 * factor),
      workspace: folder,
      tokens: Math.round(100_000 * factor),
      costUsd: 0.5 * factor,
      instances,
      ...changes,
    });
  }
}

const textOf = (lines: readonly (readonly { readonly text: string }[])[]): string =>
  lines.map((spans) => spans.map(({ text }) => text).join("")).join("\n");

/** What `plan --forecast` adds for a plan in that folder. */
async function shown(folder: string, names: readonly string[], limits = [limit()]): Promise<Answer> {
  const plan = samplePlan([], {
    workspace: folder,
    instances: names.map((name) => sampleInstance(name, instances.review)),
    limits,
  });
  return answerOf(async (io) => {
    io.out.write(textOf(forecastLines(plan, forecastPlan(plan, "runs", io), 140)));
    return 0;
  }, folder);
}

describe("the forecast of a plan", () => {
  test("says where each figure comes from, and whether the run fits its budgets", async () => {
    using folder = makeFolder();
    await writeRuns(folder.path, 5);
    const limits = [
      limit({ unit: "cost_usd", limit: 0.1 }),
      limit({ scope: { kind: "instance", instance: "review" }, limit: 900_000 }),
    ];
    const { out } = await shown(folder.path, ["review", "other"], limits);
    expect(out).toContain("From 5 runs of this workspace");
    expect(out).toMatch(/review +\d+\.\dK +\d+\.\dK +\$0\.\d+ +\$\d\.\d+ +1m\d+s +\dm\d+s +5 runs of this instance/);
    expect(out).toMatch(/other .* 5 runs of \/review with claude-sonnet-4-5/);
    expect(out).toMatch(/run: p90 of \$\d\.\d+ is over its \$0\.1000 \(100 % of runs would need more\), then block/);
    expect(out).toMatch(/review: p90 of \d\d\d\.\dK tokens fits its 900\.0K tokens \(\d % of runs would need more\)/);
  });

  test("without a run says that all of it is assumed", async () => {
    using folder = makeFolder();
    const { out } = await shown(folder.path, ["review"]);
    expect(out).toContain("No run of this workspace is in");
    expect(out).toContain("assumed: nothing like it has run here");
  });

  test("leaves out runs of another workspace and of a stand-in for the model", async () => {
    using folder = makeFolder();
    await writeRuns(folder.path, 1, { workspace: "/elsewhere" });
    await writeRuns(folder.path, 1, { at: noon + 9 * hour, isDemo: true });
    expect((await shown(folder.path, ["review"])).out).toContain("No run of this workspace");
  });

  test("of a model without a price says so instead of a number", async () => {
    using folder = makeFolder();
    const plan = samplePlan(["one"], { limits: [limit({ unit: "cost_usd", limit: 1 })] });
    const { out } = await answerOf(async (io) => {
      const of = forecastPlan(plan, "runs", io);
      io.out.write(textOf(forecastLines(plan, of, 140)));
      expect(forecastJson(of)).toMatchObject({ run: { cost_usd: null }, budgets: [{ expected: null, over: null }] });
      return 0;
    }, folder.path);
    expect(out).toContain("run: whether it stays within $1.0000 cannot be said, a price is not known");
  });

  test("names a log that is damaged, and goes on without it", async () => {
    using folder = makeFolder();
    await writeRuns(folder.path, 2);
    const broken = join(folder.path, "runs", "run_zzzzzzzzzz");
    mkdirSync(broken);
    writeFileSync(join(broken, "events.db"), "no database");
    const { out, talk } = await shown(folder.path, ["review"]);
    expect(out).toContain("2 runs of this instance");
    expect(talk).toContain("run_zzzzzzzzzz is left out of the forecast, its log is not whole");
  });

  test("stands after the plan, and in its JSON", async () => {
    using folder = makeFolder({ "fleet.yaml": "instances: [{ name: check, run: [node, --version] }]\n" });
    const { code, out } = await typed(folder.path, "plan", "fleet.yaml", "--forecast");
    expect(code).toBe(0);
    expect(out).toMatch(/Budget[\s\S]*\nForecast\n/i);
    const json = await typed(folder.path, "plan", "fleet.yaml", "--forecast", "--json");
    expect(JSON.parse(json.out)).toMatchObject({
      forecast: {
        runs: 0,
        left_out: [],
        instances: [{ name: "check", tokens: { p50: 0, p90: 0 }, chance: 1, basis: "prior", basis_count: 0 }],
        budgets: [],
      },
    });
    expect(JSON.parse((await typed(folder.path, "plan", "fleet.yaml", "--json")).out)).not.toHaveProperty("forecast");
  });

  test("of a runs folder that is none is refused with what to do", async () => {
    using folder = makeFolder({ "fleet.yaml": "instances: [{ run: [node] }]\n", runs: "a file" });
    await expect(typed(folder.path, "plan", "fleet.yaml", "--forecast", "--runs-dir", "runs")).rejects.toMatchObject({
      code: "file-not-readable",
      hint: expect.stringContaining("--runs-dir"),
    });
  });
});

describe("`admission: p90`", () => {
  const asking = (folder: string, names: readonly string[]) =>
    samplePlan([], {
      workspace: folder,
      admission: "p90",
      instances: names.map((name) => sampleInstance(name, name === "new" ? { agent: "codex" } : instances.review)),
    });

  test("gives each instance that has run here its p90, and says of which nothing is known", async () => {
    using folder = makeFolder();
    await writeRuns(folder.path, 4);
    await answerOf(async (io) => {
      const { instances: planned, notices } = withExpectations(asking(folder.path, ["review", "new"]), "runs", io);
      expect(planned[0]?.expected?.tokens).toBeGreaterThan(110_000);
      expect(planned[0]?.expected?.costUsd).toBeGreaterThan(0.5);
      expect(planned[1]?.expected).toBeUndefined();
      expect(notices).toEqual(["`admission: p90` says nothing yet of `new`: nothing like it has run here"]);
      return 0;
    }, folder.path);
  });

  test("of a run that is taken up is decided by what it was begun with", async () => {
    using folder = makeFolder();
    const plan = asking(folder.path, ["review"]);
    const begun = { ...plan, instances: plan.instances.map((each) => ({ ...each, expected: { tokens: 7 } })) };
    await writeRuns(folder.path, 4);
    await answerOf(async (io) => {
      const { instances: planned } = withExpectations(plan, "runs", io, stateOf([created(begun)]));
      expect(planned[0]?.expected).toEqual({ tokens: 7 });
      return 0;
    }, folder.path);
  });

  test("is in the plan of a file that asks for it", async () => {
    const file = "budget: { cost_usd: 1, admission: p90 }\ninstances: [{ name: check, run: [node, --version] }]\n";
    using folder = makeFolder({ "fleet.yaml": file });
    const command = { check: { agent: "command" } };
    await writeRuns(folder.path, 1, { instances: command, plan: { name: "fleet" } });
    const { out } = await typed(folder.path, "plan", "fleet.yaml", "--json", "--runs-dir", "runs");
    expect(JSON.parse(out)).toMatchObject({
      plan: { admission: "p90", instances: [{ name: "check", expected: { tokens: expect.any(Number) } }] },
    });
    const text = await typed(folder.path, "plan", "fleet.yaml", "--runs-dir", "runs");
    expect(text.out).toContain("an instance starts only where the p90 of its forecast fits");
  });

  test("reads no run where it is not asked for", async () => {
    using folder = makeFolder({ runs: "a file" });
    const plan = samplePlan(["one"]);
    await answerOf(async (io) => {
      expect(withExpectations(plan, "runs", io)).toBe(plan);
      return 0;
    }, folder.path);
  });
});

describe("`forecast check`", () => {
  test("tells how much of the truth lay within p50 and p90, each run forecast from those before it", async () => {
    using folder = makeFolder();
    await writeRuns(folder.path, 6);
    const { out } = await typed(folder.path, "forecast", "check", "--runs-dir", "runs");
    expect(out).toContain("6 runs forecast anew");
    expect(out).toMatch(/runs +tokens +5 +\d+ % +\d+ % +\d+ %/);
    expect(out).toMatch(/runs, in part assumed +tokens +1 /);
    const json = await typed(folder.path, "forecast", "check", "--runs-dir", "runs", "--runs", "4", "--json");
    expect(JSON.parse(json.out)).toMatchObject({
      runs: 4,
      checked: [
        { of: "run", from: "history", cost_usd: { count: 4, median_error: expect.any(Number) } },
        { of: "instance", from: "history", tokens: { count: 4 } },
      ],
      prompt_estimates: [],
    });
  });

  test("tells how far the gateway's estimates of prompts were from what the API counted", async () => {
    using folder = makeFolder();
    const requests = [150, 300, 90].flatMap((input, at): readonly RunEvent[] => {
      const which = { instance: "review", attempt: 1, request: at + 1, model } as const;
      return [
        { type: "request-reserved", ...which, worst: { tokens: input + 1000, input } },
        {
          type: "request-settled",
          ...which,
          usage: { ...noUsage, input: 40, cacheRead: 60, output: 500 },
          outcome: "answered",
          counted: at === 1 ? "estimated" : "reported",
          durationMs: 1,
        },
      ];
    });
    await writeRuns(folder.path, 1, { meanwhile: requests });
    const { out } = await typed(folder.path, "forecast", "check", "--runs-dir", "runs");
    expect(out).toMatch(/claude-sonnet-4-5 +2 +1\.20x +0\.90x +1\.50x +50 %/);
  });

  test("without a run that ended says that there is nothing to compare", async () => {
    using folder = makeFolder();
    const { code, out, talk } = await typed(folder.path, "forecast", "check");
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(talk).toContain("there is nothing to hold a forecast against");
  });

  test.each(["0", "1.5"])("of %s runs is refused", async (runs) => {
    using folder = makeFolder();
    await expect(typed(folder.path, "forecast", "check", "--runs", runs)).rejects.toThrow(
      `\`--runs\` needs a whole number of 1 or more, not \`${runs}\``,
    );
  });
});

test("logs that releases recorded are read whole", () => {
  for (const { directory, run } of listRecordedLogs()) {
    const { runs, damaged } = readPastRuns(join(directory, ".."));
    expect({ run, damaged }).toEqual({ run, damaged: [] });
    expect(runs.every(({ observations }) => observations.every(({ durationMs }) => durationMs > 0))).toBe(true);
  }
});
