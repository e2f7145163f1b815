import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { foldRun, makeRunId, noUsage } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunEvent, RunId } from "@claude-orchestrator/domain";
import { createRunLog } from "@claude-orchestrator/store";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resultDocument } from "../reports/resultDocument.ts";
import { answerOf } from "../testing/answerOf.ts";
import { makeFolder } from "../testing/folder.ts";
import {
  created,
  ended,
  noon,
  planned,
  plannedThroughGateway,
  requestReserved,
  requestSettled,
  runSettled,
  samplePlan,
  settled,
  spending,
} from "../testing/sampleRun.ts";
import { printUsage } from "./printUsage.ts";
import type { UsageFlags } from "./printUsage.ts";

const day = 86_400_000;

const noFlags: UsageFlags = {
  by: undefined,
  since: undefined,
  until: undefined,
  tz: "UTC",
  top: undefined,
  csv: false,
  json: false,
  "include-demo": false,
  "runs-dir": "runs",
};

interface RunOptions {
  /** When all of it happened, ms since 1970. */
  readonly at?: number;
  /** What is in its result file: undefined for none, "written" for what is written at its end. */
  readonly result?: string;
  readonly demo?: string;
  readonly name?: string;
}

/** A run of a kept folder, by its real log. */
async function keepRun(folder: string, rest: readonly RunEvent[], options: RunOptions = {}): Promise<RunId> {
  const { at = noon, result, demo, name = "nightly" } = options;
  const id = makeRunId(at, Math.random);
  const directory = join(folder, "runs", id);
  const log = createRunLog(directory, id, { clock: { wall: () => at }, programVersion: "0.1.0" });
  const named = [...new Set(rest.flatMap((event) => ("instance" in event ? [event.instance] : [])))];
  const first = { ...created(samplePlan(named, { name })), id, ...(demo === undefined ? {} : { demo }) } as RunEvent;
  const events = [first, ...rest];
  for (const event of events) log.append(event);
  await log.close();
  if (result === "written") {
    const state = foldRun(events.map((event, index): LoggedEvent => ({ ...event, seq: index + 1, at })));
    if (state !== undefined) writeFileSync(join(directory, "result.json"), JSON.stringify(resultDocument(state, [])));
  } else if (result !== undefined) writeFileSync(join(directory, "result.json"), result);
  return id;
}

const done = (instance: string, changes: Parameters<typeof ended>[1] = {}): readonly RunEvent[] => [
  planned(instance),
  ended(instance, changes),
  settled(instance),
];

async function asked(folder: string, flags: Partial<UsageFlags> = {}) {
  return answerOf((io) => printUsage({ ...noFlags, ...flags }, io), folder);
}

async function documentOf(folder: string, flags: Partial<UsageFlags> = {}) {
  const { out } = await asked(folder, { ...flags, json: true });
  return JSON.parse(out) as {
    readonly rows: readonly Readonly<Record<string, unknown>>[];
    readonly total: Readonly<Record<string, unknown>>;
    readonly requests: readonly Readonly<Record<string, unknown>>[];
    readonly skipped: readonly { readonly run: string; readonly why: string }[];
    readonly demo_runs_left_out: number;
  };
}

describe("usage", () => {
  test("adds up runs that have a result file and runs that have only their log alike", async () => {
    using folder = makeFolder();
    const events = [...done("a"), ...done("b", { verdict: "failed" }), runSettled()];
    await keepRun(folder.path, events, { at: noon - day, result: "written" });
    await keepRun(folder.path, events, { at: noon });
    const { code, out } = await asked(folder.path);
    expect(code).toBe(0);
    expect(out.split("\n").map((each) => each.trimEnd())).toEqual([
      "day         runs  instances  attempts  tokens    in  cached   failed     cost",
      "2026-11-22     1          2         2    3.0K  3.0K     0 %  $0.2500  $0.5000",
      "2026-11-23     1          2         2    3.0K  3.0K     0 %  $0.2500  $0.5000",
      "total          2          4         4    6.0K  6.0K     0 %  $0.5000  $1.0000",
      "",
      "$1.0000 in all, every model with a known price",
      "$0.5000 of it went into 2 attempts that did not succeed",
      "",
    ]);
  });

  test("says of what the price is not known, and what a cache saved", async () => {
    using folder = makeFolder();
    const usage = { ...noUsage, input: 10_000, cacheRead: 90_000 };
    const byModel = { "claude-opus-4-8": { usage, costUsd: 0.1 } };
    await keepRun(folder.path, [...done("a", { spent: spending(0, 0.1, { usage, byModel }) }), runSettled()]);
    await keepRun(folder.path, [...done("a", { spent: spending(500, undefined) }), runSettled()]);
    const { out } = await asked(folder.path, { by: "model" });
    expect(out).toContain(
      "$0.1000, and 1 run with a model without a price (opus-5-5: 500 tokens)\n89 % of what was sent was read from a cache, which saved $0.4050 by list prices",
    );
    expect((await asked(folder.path, { by: "model", csv: true })).out.split("\r\n").slice(0, 2)).toEqual([
      "model,runs,instances,attempts,failed_attempts,open_attempts,tokens,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,totals_are_final,cost_usd,unpriced_runs,unpriced_tokens,failed_cost_usd,cache_read_share,cache_saved_usd",
      "claude-opus-4-8,1,1,1,0,0,100000,10000,0,90000,0,true,0.1,0,0,0,0.9,0.405",
    ]);
  });

  test("leaves out runs with a stand-in for the model, and says so, unless they are asked for", async () => {
    using folder = makeFolder();
    await keepRun(folder.path, [...done("a"), runSettled()], { demo: "not a real model", result: "written" });
    const { out, talk } = await asked(folder.path);
    expect([out, talk]).toEqual(["", expect.stringContaining("1 run with a stand-in for the model is not counted")]);
    expect(await documentOf(folder.path, { "include-demo": true })).toMatchObject({
      total: { attempts: 1 },
      demo_runs_left_out: 0,
    });
  });

  test("counts what lies in the time that was asked for", async () => {
    using folder = makeFolder();
    for (const days of [0, 1, 2, 3]) {
      await keepRun(folder.path, [...done("a"), runSettled()], { at: noon - days * day, result: "written" });
    }
    const document = await documentOf(folder.path, { since: "2026-11-21", until: "2026-11-22" });
    expect(document.rows.map(({ key }) => key)).toEqual(["2026-11-21", "2026-11-22"]);
    const { out, talk } = await asked(folder.path, { until: "2020-01-01" });
    expect([out, talk]).toEqual(["", "No attempt of a run ended in that time\n"]);
  });

  test("tells a run that has not ended as far as its log does", async () => {
    using folder = makeFolder();
    await keepRun(folder.path, [
      ...done("a"),
      plannedThroughGateway("b"),
      requestReserved("b", 1, { tokens: 9 }),
      requestSettled("b", 1),
    ]);
    expect((await documentOf(folder.path)).total).toMatchObject({ attempts: 2, open_attempts: 1, cost_usd: 0.26 });
    expect((await asked(folder.path)).out).toContain("1 attempt has not ended, or nobody saw it");
  });

  test("names a damaged run, passes it over, and tells the others", async () => {
    using folder = makeFolder();
    const broken = makeRunId(noon, () => 0.3);
    mkdirSync(join(folder.path, "runs", broken), { recursive: true });
    writeFileSync(join(folder.path, "runs", broken, "events.db"), "no log");
    await keepRun(folder.path, [...done("a"), runSettled()]);
    const { code, talk } = await asked(folder.path);
    expect([code, talk]).toEqual([0, expect.stringContaining(`note: ${broken} is not counted: `)]);
    const { total, skipped } = await documentOf(folder.path);
    expect([total["attempts"], skipped.map(({ run }) => run)]).toEqual([1, [broken]]);
  });

  test("says what of a damaged log it could not count", async () => {
    using folder = makeFolder();
    const id = await keepRun(folder.path, [...done("a"), ...done("b"), runSettled()]);
    const database = new DatabaseSync(join(folder.path, "runs", id, "events.db"));
    database.exec("DROP TRIGGER event_not_deleted; DELETE FROM event WHERE seq BETWEEN 5 AND 6");
    database.close();
    const { talk } = await asked(folder.path);
    expect(talk).toBe(`note: the log of ${id} is damaged, and counted without: events 5 to 6 are missing\n`);
    expect((await documentOf(folder.path)).total).toMatchObject({ attempts: 1, cost_usd: 0.25 });
  });

  test("is not misled by a result file of an earlier end, nor broken by one that is anything at all", async () => {
    using folder = makeFolder();
    const ends = [...done("a"), runSettled()];
    const again: readonly RunEvent[] = [
      { type: "run-reopened", instances: ["a"] },
      { ...planned("a"), attempt: 2 } as RunEvent,
      ended("a", { attempt: 2 }),
    ];
    const id = await keepRun(folder.path, [...ends, ...again]);
    const stale = foldRun(
      [{ ...created(samplePlan(["a"])), id } as RunEvent, ...ends].map((event, at) => ({
        ...event,
        seq: at + 1,
        at: noon,
      })),
    );
    if (stale === undefined) throw new Error("no sample");
    const path = join(folder.path, "runs", id, "result.json");
    writeFileSync(path, JSON.stringify(resultDocument(stale, [])));
    expect((await documentOf(folder.path)).total).toMatchObject({ attempts: 2, cost_usd: 0.5 });
    await keepRun(folder.path, ends, { at: noon - day, result: '{"schema_version":1,"run":' });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        writeFileSync(path, text);
        expect((await documentOf(folder.path)).total).toMatchObject({ attempts: 3, cost_usd: 0.75 });
      }),
      { numRuns: 20 },
    );
  });

  test("of nothing says where it looked, and gives an empty document and only titles as CSV", async () => {
    using folder = makeFolder();
    const { code, out, talk } = await asked(folder.path);
    expect([code, out, talk]).toEqual([0, "", expect.stringContaining("There are no runs in ")]);
    expect(await documentOf(folder.path)).toMatchObject({ rows: [], total: { runs: 0, cache_read_share: null } });
    expect((await asked(folder.path, { csv: true })).out).toMatch(/^day,runs,.*\r\n$/);
  });

  test.each([
    [{ csv: true, json: true }, "`--csv` and `--json` do not go together"],
    [{ top: 3, by: "day" }, "`--by` does not go with it"],
    [{ top: 0 }, "`--top` needs a whole number from 1 to 10000, not `0`"],
  ])("refuses %j", async (flags, message) => {
    using folder = makeFolder();
    await expect(asked(folder.path, flags)).rejects.toThrow(message);
  });
});

describe("the dearest requests", () => {
  const requests = (costs: readonly (number | undefined)[]): readonly RunEvent[] => [
    plannedThroughGateway("a"),
    ...costs.flatMap((costUsd, at): readonly RunEvent[] => {
      const settledAs = requestSettled("a", at + 1, costUsd === undefined ? {} : { costUsd });
      const { costUsd: _none, ...unpriced } = settledAs as Extract<RunEvent, { type: "request-settled" }>;
      return [
        { ...requestReserved("a", at + 1, { tokens: 9 }), subAgent: `helper ${at}` } as RunEvent,
        costUsd === undefined ? unpriced : settledAs,
      ];
    }),
  ];

  test("of all runs come first, with who asked, and what part of all they are", async () => {
    using folder = makeFolder();
    await keepRun(folder.path, [...requests([0.5, 0.1, 0.7]), ended("a"), settled("a"), runSettled()], {
      result: "written",
    });
    await keepRun(folder.path, requests([0.6, undefined]), { name: "=evil" });
    await keepRun(folder.path, [...done("soft"), runSettled()]);
    const { requests: found } = await documentOf(folder.path, { top: 3 });
    expect(found.map((each) => [each["cost_usd"], each["sub_agent"], each["request"]])).toEqual([
      [0.7, "helper 2", 3],
      [0.6, "helper 0", 1],
      [0.5, "helper 0", 1],
    ]);
    const { out } = await asked(folder.path, { top: 3 });
    expect(out).toContain("$1.8000 of $1.9000 in 5 requests through the gateway; 1 of them have no known price");
    expect((await asked(folder.path, { top: 2, csv: true })).out).toContain(",'=evil,a,1,1,helper 0,opus-5-5,1000,");
  });

  test("are those a sort of all would put first, however many are asked for", async () => {
    using folder = makeFolder();
    const costs = Array.from({ length: 60 }, (_, at) => ((at * 37) % 61) / 10);
    await keepRun(folder.path, [...requests(costs), ended("a"), settled("a"), runSettled()]);
    for (const top of [1, 7, 60, 100]) {
      const { requests: found } = await documentOf(folder.path, { top });
      const first = costs.toSorted((a, b) => b - a).slice(0, top);
      expect(found.map((each) => each["cost_usd"])).toEqual(first);
    }
  });

  test("are none where no request went through the gateway, and it is said how they would be known", async () => {
    using folder = makeFolder();
    await keepRun(folder.path, [...done("soft"), runSettled()]);
    const { out, talk } = await asked(folder.path, { top: 3 });
    expect([out, talk]).toEqual(["", expect.stringContaining("No request went through the gateway")]);
  });
});
