import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeRunId } from "@claude-orchestrator/domain";
import type { RunEvent } from "@claude-orchestrator/domain";
import { createClock } from "@claude-orchestrator/host";
import { createRunLog } from "@claude-orchestrator/store";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "@claude-orchestrator/protocol";
import type { Route } from "@claude-orchestrator/protocol";
import { created, ended, planned, progressed, samplePlan, settled } from "../testing/sampleRun.ts";
import { demoFile } from "./demoFile.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

let rig: ServerRig;
let run: string;
let interrupted: string;

const lines = Array.from({ length: 2000 }, (_each, at) => `line ${at + 1}${at === 1499 ? " NEEDLE" : ""}`);

beforeAll(async () => {
  rig = await startServerRig();
  const settledRun = rig.addRun(
    [
      { type: "run-started" },
      planned("review"),
      progressed("review", 100, "hello"),
      ended("review"),
      settled("review"),
      { type: "run-settled", outcome: "succeeded", exitCode: 0, durationMs: 10 },
    ],
    { "review/1.stdout": `${lines.join("\n")}\nthe end without a line feed`, "review/1.stderr": "" },
  );
  const cutOff = rig.addRun([{ type: "run-started" }]);
  await Promise.all([settledRun.log.flush(), cutOff.log.flush()]);
  [run, interrupted] = [settledRun.id, cutOff.id];
});

afterAll(() => rig[Symbol.asyncDispose]());

test("a run that is only just being made is listed once its log tells something, and never as damaged", async () => {
  const id = makeRunId(Date.now(), () => 0.25);
  const directory = join(rig.runsFolder, id);
  const listed = async (): Promise<unknown> => {
    const { runs } = (await rig.askSigned("/api/runs")).json() as { runs: { run: string; status: string }[] };
    return runs.find((each) => each.run === id)?.status;
  };
  const seen: unknown[] = [];
  mkdirSync(directory);
  seen.push(await listed());
  const log = createRunLog(directory, id, { clock: createClock(), programVersion: "0.1.0" });
  seen.push(await listed());
  log.append({ ...created(samplePlan(["review"])), id, directory } as RunEvent);
  await log.flush();
  seen.push(await listed());
  const holder = new DatabaseSync(join(directory, "events.db"));
  await log.close();
  holder.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
  seen.push(await listed());
  holder.close();
  expect(seen).toEqual([undefined, undefined, "interrupted", "interrupted"]);
  rmSync(directory, { recursive: true });
});

describe("what a route answers", () => {
  test.each<[keyof typeof routes, string]>([
    ["getHealth", ""],
    ["getSession", ""],
    ["getOpenApi", ""],
    ["listRuns", ""],
    ["listRuns", "?status=succeeded&text=night&limit=1"],
    ["listOpenRuns", ""],
    ["getConfigSchema", ""],
    ["showRun", ""],
    ["listEvents", "?from=2&limit=3"],
    ["readLog", "?instance=review&lines=3"],
    ["searchLog", "?instance=review&text=needle"],
    ["listSchedules", ""],
    ["listAgents", ""],
    ["listCommands", "?built_in=true"],
    ["getCheckup", ""],
    ["getUsage", "?by=instance&include_demo=true"],
    ["getUsage", "?top=3"],
  ])("%s%s is what its schema promises", async (name, query) => {
    const route: Route = routes[name];
    const reply = await rig.askSigned(`${route.path.replace("{run}", run)}${query}`);
    expect(reply.status).toBe(200);
    expect(route.answer.safeParse(reply.json())).toMatchObject({ success: true });
  });

  test("is the run that was asked for, by id, by its beginning or as the newest", async () => {
    const names = [run, run.slice(4, 12), run];
    const shown = await Promise.all(names.map(async (name) => (await rig.askSigned(`/api/runs/${name}`)).json()));
    expect(shown.map(({ run: id, standing }) => [id, standing])).toEqual(names.map(() => [run, "settled"]));
    expect((await rig.askSigned("/api/runs/latest")).json()["standing"]).toBe("interrupted");
  });

  test("pages through the runs, newest first", async () => {
    const first = (await rig.askSigned("/api/runs?limit=1")).json();
    const second = (await rig.askSigned(`/api/runs?limit=1&before=${interrupted}`)).json();
    const ids = [first, second].map(({ runs, has_more }) => [
      (runs as { run: string }[]).map((each) => each.run),
      has_more,
    ]);
    expect(ids).toEqual([
      [[interrupted], true],
      [[run], false],
    ]);
  });

  test("adds up what all runs used as `usage` does, and refuses what it refuses", async () => {
    const used = (await rig.askSigned("/api/usage?by=instance")).json();
    expect(used["rows"]).toMatchObject([{ key: "nightly/review", runs: 1, attempts: 1 }]);
    const clash = await rig.askSigned("/api/usage?by=day&top=3");
    expect([clash.status, clash.json()["code"]]).toEqual([422, "usage"]);
  });

  test("a budget is set for a run that works, and for no other", async () => {
    const ask = (id: string, body: object) => rig.askSigned(`/api/runs/${id}/budget`, { method: "POST", body });
    expect((await ask(run, { cost_usd: 5 })).status).toBe(409);
    expect((await ask(interrupted, { cost_usd: 5 })).json()["code"]).toBe("run-not-running");
    expect((await ask(run, {})).json()["code"]).toBe("usage");
    expect((await ask(run, { cost_usd: -1 })).status).toBe(400);
  });

  test("names the place of each problem of a file, and is no plan", async () => {
    const text = "name: x\ninstances:\n  - name: a\n    promt: hello\n";
    const answer = (await rig.askSigned("/api/plan", { method: "POST", body: { text } })).json();
    expect(answer).toMatchObject({
      ok: false,
      plan: null,
      problems: [{ line: 4, column: 5, hint: "did you mean `prompt`?" }],
    });
    const started = await rig.askSigned("/api/runs", { method: "POST", body: { text } });
    expect([started.status, started.json()["code"], (started.json()["problems"] as unknown[]).length]).toEqual([
      422,
      "config-invalid",
      (answer["problems"] as unknown[]).length,
    ]);
  });

  test("shows the graph of a file that is right, and starts nothing", async () => {
    const text =
      "name: x\ninstances:\n  - { name: a, agent: command, run: 'true' }\n  - { name: b, agent: command, run: 'true', needs: [a] }\n";
    const { ok, plan } = (await rig.askSigned("/api/plan", { method: "POST", body: { text } })).json();
    const { instances } = plan as { instances: { name: string; level: number }[] };
    expect([ok, instances.map(({ name, level }) => [name, level])]).toEqual([
      true,
      [
        ["a", 1],
        ["b", 2],
      ],
    ]);
    expect(((await rig.askSigned("/api/runs")).json()["runs"] as unknown[]).length).toBe(2);
  });
});

test("the demo is a file that can start anywhere", async () => {
  const reply = await rig.askSigned("/api/plan", { method: "POST", body: { text: demoFile } });
  expect(reply.json()).toMatchObject({ ok: true, problems: [], obstacles: [] });
});

describe("an attempt's output", () => {
  const ask = async (query: string): Promise<Readonly<Record<string, unknown>>> =>
    (await rig.askSigned(`/api/runs/${run}/log${query}`)).json();
  const textsOf = (page: Readonly<Record<string, unknown>>): readonly string[] =>
    (page["lines"] as { text: string }[]).map(({ text }) => text);

  test("is read by lines from anywhere, also from its end, with what nobody ended", async () => {
    expect(textsOf(await ask("?instance=review&from_line=1024&lines=2"))).toEqual(["line 1024", "line 1025"]);
    const end = await ask("?instance=review&from_line=-2");
    expect([textsOf(end), end["total_lines"], end["is_over"]]).toEqual([
      ["line 2000", "the end without a line feed"],
      2001,
      true,
    ]);
  });

  test("is searched whole, with the line and the column", async () => {
    expect(await ask("/search?instance=review&text=needle")).toEqual({
      matches: [{ line: 1500, column: 11, text: "line 1500 NEEDLE" }],
      total: 1,
      is_complete: true,
    });
    expect(await ask("/search?instance=review&text=needle&ignore_case=false")).toMatchObject({ total: 0 });
    expect(await ask("/search?instance=review&text=line&limit=2&from_line=1999")).toMatchObject({ total: 3 });
    const pattern = encodeURIComponent("^line 1\\d{2}0$");
    expect(await ask(`/search?instance=review&text=${pattern}&regex=true`)).toMatchObject({ total: 99 });
    expect(await ask("/search?instance=review&text=a(b&regex=true")).toMatchObject({
      status: 422,
      code: "pattern-invalid",
      problems: [{ line: 1, column: 2 }],
    });
  });

  test("is downloaded in part where a part is asked for", async () => {
    const headers = { range: "bytes=0-5" };
    const part = await rig.askSigned(`/api/runs/${run}/log/raw?instance=review`, { headers });
    expect([part.status, part.text, part.headers["content-range"]?.slice(0, 10)]).toEqual([
      206,
      "line 1",
      "bytes 0-5/",
    ]);
    const beyond = await rig.askSigned(`/api/runs/${run}/log/raw?instance=review`, {
      headers: { range: "bytes=9999999-" },
    });
    expect(beyond.status).toBe(416);
  });

  test("of an attempt that never was is not there", async () => {
    expect((await rig.askSigned(`/api/runs/${run}/log?instance=review&attempt=7`)).json()["code"]).toBe(
      "instance-not-found",
    );
  });
});

describe("a person's mistake has the command line's own words", () => {
  test.each([
    ["pause", {}, 409, "has come to its end already"],
    ["stop", {}, 409, "has come to its end already"],
    ["retry", {}, 404, "Every instance of"],
    ["retry", { instances: ["nobody"] }, 404, "There is no instance `nobody`"],
    ["resume", {}, 409, "has come to its end"],
  ])("%s %j", async (action, body, status, words) => {
    const reply = await rig.askSigned(`/api/runs/${run}/${action}`, { method: "POST", body });
    expect([reply.status, reply.headers["content-type"]]).toEqual([status, "application/problem+json"]);
    expect(reply.json()["detail"]).toContain(words);
  });
});

/** Those that need no words for doing something, so that garbage may be a wish. */
const doSomething = ["startDemo", "resumeRun", "openLive", "signOut"];

test.each(Object.entries<Route>(routes).filter(([name]) => !doSomething.includes(name)))(
  "garbage is never our bug: %s",
  async (_name, route) => {
    const word = fc.oneof(fc.string(), fc.constantFrom(run, interrupted, "latest", "-1", "1e309", "true"));
    const words = fc.dictionary(fc.constantFrom("instance", "from_line", "lines", "limit", "from", "text", "x"), word);
    const body = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom("file", "instance", "code", "runs", "force"), fc.jsonValue()),
    );
    await fc.assert(
      fc.asyncProperty(word, words, body, async (id, query, content) => {
        const path = route.path.replaceAll(/\{\w+\}/g, encodeURIComponent(id.toWellFormed()) || "-");
        const search = new URLSearchParams(query).toString();
        const hasBody = route.method !== "GET" && route.method !== "DELETE";
        const reply = await rig.askSigned(`${path}?${search}`, {
          method: route.method,
          ...(hasBody ? { body: content } : {}),
        });
        expect(reply.status).toBeLessThan(500);
      }),
      { numRuns: 12 },
    );
  },
);
