import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestEnd } from "@claude-orchestrator/engine/ports";
import { startModelApi } from "@claude-orchestrator/testkit";
import type { ScenarioName } from "@claude-orchestrator/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startGateway } from "../gateway.ts";
import { TestDesk } from "../testing/desk.ts";
import { readCassette } from "./cassetteFolder.ts";
import type { CassetteOptions, CassetteRoom } from "./insertCassette.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cassette-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const redact = (text: string): string => text.replaceAll("sk-secret-value", "[KEY]");
const record = (): CassetteOptions => ({
  kind: "record",
  folder,
  redact,
  cut: [],
  about: { version: "1", programs: {} },
});
const replay = (): CassetteOptions => ({
  kind: "replay",
  folder,
  redact,
  cut: [],
  pace: "fast",
  explain: (before, now) => Promise.resolve({ short: [`- ${before.length > 0}`, `+ ${now.length > 0}`], whole: "all" }),
});

/** Asks one after another as one instance, and gives what it was answered and what was settled. */
async function session(url: string, cassette: CassetteOptions, bodies: readonly object[], cassetteRoom?: CassetteRoom) {
  const upstream = { vendor: "anthropic", url, key: "sk-secret-value", scheme: "own", env: {} } as const;
  const common = { upstreams: [upstream], allowUnpriced: true, cassette };
  const gateway = await startGateway(cassetteRoom === undefined ? common : { ...common, cassetteRoom });
  const desk = new TestDesk();
  const pass = gateway.open("anthropic", undefined, { instance: "one/two", cwd: "/w", priority: 0, account: "" });
  pass?.answerTo(desk);
  const answers: { status: number; text: string }[] = [];
  for (const body of bodies) {
    const response = await fetch(`${gateway.url}/anthropic/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": pass?.token ?? "" },
      body: JSON.stringify(body),
    });
    const text = await response.text().catch(() => "cut");
    // JSON is kept on many lines.
    answers.push({ status: response.status, text: text.startsWith("{") ? JSON.stringify(JSON.parse(text)) : text });
  }
  await gateway.close();
  return { answers, spent: desk.settled.map(({ end }) => untimed(end)) };
}

function untimed({ durationMs: _lasted, waitedMs: _waited, firstByteMs: _first, ...end }: RequestEnd) {
  return end;
}

const ask = (content: string, stream = true) => ({
  model: "claude-haiku-4-5",
  max_tokens: 100,
  stream,
  messages: [{ role: "user", content }],
});

async function recorded(scenario: ScenarioName, bodies: readonly object[]) {
  await using api = await startModelApi({ scenario, speed: 0 });
  return await session(api.url, record(), bodies);
}

const nowhere = "http://127.0.0.1:9";

describe("a cassette", () => {
  test.each(["text", "cut-once", "429-once"] as readonly ScenarioName[])(
    "answers as the API did, in the same order and at the same price: %s",
    async (scenario) => {
      const bodies = [ask("hello"), ask("hello"), ask("my sk-secret-value")];
      const then = await recorded(scenario, bodies);
      expect(await session(nowhere, replay(), bodies)).toEqual(then);
      expect(readFileSync(join(folder, "tapes/one%2Ftwo.txt"), "utf8")).not.toContain("sk-secret-value");
    },
  );

  test("stops an instance that asks for something else, and answers nothing more to it", async () => {
    await recorded("text", [ask("hello")]);
    const stopped: string[] = [];
    const room = {
      directory: folder,
      stop: (name: string, because: string) => void stopped.push(`${name}: ${because}`),
    };
    const { answers } = await session(nowhere, replay(), [ask("bye"), ask("hello")], room);
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(stopped).toEqual([expect.stringContaining("one/two: what it asks its model is not on the cassette")]);
  });

  test("names the instances that were cut off in it, and a replay that was cut off says that it cannot go on", async () => {
    await using api = await startModelApi({ scenario: "text", speed: 0 });
    await session(api.url, { ...record(), cut: ["one/two"] }, [ask("hello")]);
    expect(readCassette(folder).cut).toEqual(["one/two"]);
    const { answers } = await session(nowhere, { ...replay(), cut: ["one/two"] }, [ask("go on")]);
    expect(answers).toEqual([{ status: 400, text: expect.stringContaining("cut off when this replay was killed") }]);
  });

  test("that was changed by hand, or misses a file, is refused by the name of the file", async () => {
    await recorded("text", [ask("hello")]);
    const tape = join(folder, "tapes/one%2Ftwo.txt");
    const text = readFileSync(tape, "utf8");
    writeFileSync(tape, text.replaceAll("\n", "\r\n"));
    expect(readCassette(folder).tapes.get("one/two")).toHaveLength(1);
    writeFileSync(tape, text.replace("hello", "hullo"));
    expect(() => readCassette(folder)).toThrow(`${tape} is not what was recorded`);
    rmSync(tape);
    expect(() => readCassette(folder)).toThrow(`${tape} cannot be read`);
    rmSync(join(folder, "cassette.json"));
    expect(() => readCassette(folder)).toThrow("was never ended");
  });
});
