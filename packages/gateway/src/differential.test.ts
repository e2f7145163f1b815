/** What the gateway counts beside what the API itself says it told: two ledgers that know nothing of each other. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { totalTokens } from "@claude-orchestrator/domain";
import type { JsonObject } from "@claude-orchestrator/domain";
import { listTranscripts, readTranscript, scenarios } from "@claude-orchestrator/testkit";
import type { ScenarioName } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { createGatewayRig } from "./testing/rig.ts";
import type { AskInit } from "./testing/rig.ts";

const prompt = [{ role: "user", content: "hi" }];
const shell = { name: "Bash", input_schema: { type: "object" } };
const declared = { name: "Bash", parameters: { type: "object" } };

const post = (body: object): AskInit => ({ method: "POST", body: JSON.stringify(body) });
const anthropic = { model: "claude-haiku-5-5", max_tokens: 100, messages: prompt, tools: [shell] };
const responses = { model: "gpt-5.5", input: "hi", tools: [{ type: "function", ...declared }] };
const chat = { model: "gpt-5.5", messages: prompt, tools: [{ type: "function", function: declared }] };
const google = { contents: [{ role: "user", parts: [{ text: "hi" }] }], tools: [{ functionDeclarations: [declared] }] };
const gemini = "/v1beta/models/gemini-3.8-flash";

const dialects = [
  ["anthropic", "/v1/messages", post({ ...anthropic, stream: true })],
  ["anthropic", "/v1/messages", post(anthropic)],
  ["openai", "/v1/responses", post({ ...responses, stream: true })],
  ["openai", "/v1/responses", post(responses)],
  ["openai", "/v1/chat/completions", post({ ...chat, stream: true })],
  ["openai", "/v1/chat/completions", post(chat)],
  ["google", `${gemini}:streamGenerateContent?alt=sse`, post(google)],
  ["google", `${gemini}:generateContent`, post(google)],
] as const;

/** Those that never answer have nothing to be compared; what the traffic light holds back is proved where it is. */
const answering = (Object.keys(scenarios) as ScenarioName[]).filter(
  (name) => !/^(hang$|hold$|429|503|529|stream-error)/.test(name),
);

describe("every behaviour the stand-in knows, asked three times as by a client that retries,", () => {
  test.each(dialects)("in %s's words, %s", async (vendor, path, init) => {
    for (const scenario of answering) {
      await using rig = await createGatewayRig(scenario, { allowUnpriced: true, speed: 0 });
      for (let at = 0; at < 3; at += 1) {
        // One that is cut breaks off here as well.
        await rig
          .ask(vendor, path, init)
          .then((reply) => reply.arrayBuffer())
          .catch(() => undefined);
        await rig.desk.until(() => rig.desk.settled.length === at + 1);
      }
      const asked = rig.api.requests();
      const counted = rig.desk.settled.map(({ end }) => end);
      expect({
        scenario,
        counted: counted.map(({ outcome, counted: by }) => [outcome, outcome === "failed" ? "either" : by]),
      }).toEqual({
        scenario,
        counted: asked.map(({ outcome }) => wayOf(outcome)),
      });
      const whole = counted.filter(({ outcome }) => outcome === "answered").map(({ usage }) => usage);
      const told = asked.flatMap((request) => request.told ?? []);
      expect({ scenario, all: whole.map(kindsOf) }).toEqual({
        scenario,
        all: told.map(({ input, output, cacheRead, cacheWrite }) => ({
          prompt: input + cacheRead + cacheWrite,
          cacheRead,
          output,
        })),
      });
      // An answer that fails in the middle is charged for its prompt, by estimate; one that is refused is free.
      const refused = counted.filter(({ status = 0 }) => status >= 400);
      expect(refused.map(({ usage }) => totalTokens(usage))).toEqual(refused.map(() => 0));
    }
  });
});

/** What a request's settlement must be where the API says this became of it. */
function wayOf(outcome: string): readonly unknown[] {
  if (outcome === "cut") return ["cut", "estimated"];
  return outcome === "answered" || outcome === "streamed" ? ["answered", "reported"] : ["failed", "either"];
}

/** Writing to a cache is a kind of its own for Anthropic alone. */
function kindsOf(usage: {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
}) {
  return {
    prompt: usage.input + usage.cacheRead + usage.cacheWrite5m,
    cacheRead: usage.cacheRead,
    output: usage.output,
  };
}

interface Recorded {
  readonly wire: string;
  /** By hand: the first event's counts, and over them those of the last that has any. */
  readonly usage: JsonObject;
}

/** Streams of the API as Claude Code has handed them on, event by event. */
function recordedStreams(name: string): readonly Recorded[] {
  const lines = readTranscript("claude", name)
    .split("\n")
    .filter((line) => line.includes('"stream_event"'));
  const open = new Map<string, JsonObject[]>();
  for (const line of lines) {
    const { event, parent_tool_use_id: parent } = JSON.parse(line) as {
      event: JsonObject;
      parent_tool_use_id: string | null;
    };
    const key = parent ?? "main";
    const streams = [...open.keys()].filter((each) => each.startsWith(`${key}#`)).length;
    if (event["type"] === "message_start") open.set(`${key}#${streams}`, [event]);
    else open.get(`${key}#${streams - 1}`)?.push(event);
  }
  return [...open.values()].map((events) => ({
    wire: events
      .map((event) => `event: ${JSON.stringify(event["type"]).slice(1, -1)}\ndata: ${JSON.stringify(event)}\n\n`)
      .join(""),
    usage: Object.assign(
      {},
      ...events.map((event) => event["usage"] ?? (event["message"] as JsonObject | undefined)?.["usage"]),
    ),
  }));
}

test("streams recorded from the API's own words are counted as they say", async () => {
  const recorded = listTranscripts("claude").flatMap(recordedStreams);
  expect(recorded.length).toBe(7);
  let next = 0;
  await using api = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(recorded[next]?.wire);
      next += 1;
    });
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  await using rig = await createGatewayRig("text", { url });
  for (const { wire } of recorded) {
    const reply = await rig.ask("anthropic", "/v1/messages", post({ ...anthropic, stream: true }));
    expect(await reply.text()).toBe(wire);
  }
  api.closeAllConnections();
  expect(
    rig.desk.settled.map(({ end: { usage } }) => [usage.input, usage.output, usage.cacheRead, usage.cacheWrite5m]),
  ).toEqual(
    recorded.map(({ usage }) => [
      usage["input_tokens"],
      usage["output_tokens"],
      usage["cache_read_input_tokens"],
      usage["cache_creation_input_tokens"],
    ]),
  );
});
