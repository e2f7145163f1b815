import { createHash } from "node:crypto";
import { noUsage } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import type { RequestAnswer } from "@claude-orchestrator/engine/ports";
import { createGatewayRig, realKey } from "./testing/rig.ts";
import type { AskInit } from "./testing/rig.ts";

const messages = (more: object = {}): AskInit => ({
  method: "POST",
  body: JSON.stringify({
    model: "claude-haiku-5-5",
    max_tokens: 100,
    stream: true,
    messages: [{ role: "user", content: "hi" }],
    ...more,
  }),
});

const dialects = [
  { vendor: "anthropic", path: "/v1/messages?beta=true", init: messages() },
  { vendor: "anthropic", path: "/v1/messages", init: messages({ stream: false }) },
  {
    vendor: "openai",
    path: "/v1/responses",
    init: { method: "POST", body: JSON.stringify({ model: "gpt-5.5", stream: true, input: "hi" }) },
  },
  {
    vendor: "openai",
    path: "/v1/responses",
    init: { method: "POST", body: JSON.stringify({ model: "gpt-5.5", input: "hi" }) },
  },
  {
    vendor: "openai",
    path: "/v1/chat/completions",
    init: {
      method: "POST",
      body: JSON.stringify({ model: "gpt-5.5", stream: true, messages: [{ role: "user", content: "hi" }] }),
    },
  },
  {
    vendor: "openai",
    path: "/v1/chat/completions",
    init: { method: "POST", body: JSON.stringify({ model: "gpt-5.5", messages: [{ role: "user", content: "hi" }] }) },
  },
  {
    vendor: "google",
    path: "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse",
    init: { method: "POST", body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "hi" }] }] }) },
  },
  {
    vendor: "google",
    path: "/v1beta/models/gemini-3.8-flash:generateContent",
    init: { method: "POST", body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "hi" }] }] }) },
  },
] as const;

describe.each(dialects)("$vendor $path", ({ vendor, path, init }) => {
  test("passes the same bytes as without a gateway, and is counted as the API counts", async () => {
    await using rig = await createGatewayRig("cache");
    const through = await (await rig.ask(vendor, path, init)).text();
    const [first] = rig.api.requests();
    const direct = await (await fetch(`${rig.api.url}${path}`, init)).text();
    // Each answer of the stand-in carries the number of its request.
    expect(through.replaceAll(/_0_1/g, "")).toBe(direct.replaceAll(/_0_2/g, ""));
    expect(first?.body).toBe(init.body);
    const [settled] = rig.desk.settled;
    expect(settled?.end).toMatchObject({ outcome: "answered", counted: "reported", status: 200 });
    const { input, output, cacheRead, cacheWrite5m } = settled?.end.usage ?? noUsage;
    expect(input + cacheRead + cacheWrite5m).toBe(23_512);
    expect(output).toBe(350);
    expect(settled?.end.costUsd).toBeGreaterThan(0);
  });

  test("is asked with the real key, and with nothing of ours", async () => {
    await using rig = await createGatewayRig("text");
    await (await rig.ask(vendor, path, init)).text();
    const headers = JSON.stringify(rig.api.requests()[0]?.headers);
    expect([headers.includes(realKey), headers.includes(rig.passes[vendor].token)]).toEqual([true, false]);
  });

  test("is refused in the API's own words without a request leaving, and costs nothing", async () => {
    await using rig = await createGatewayRig("text");
    rig.desk.answer = () => ({ is: "refused", reason: "the budget of the run is spent" });
    const reply = await rig.ask(vendor, path, init);
    expect([reply.status, reply.headers.get("x-should-retry")]).toEqual([vendor === "anthropic" ? 402 : 400, "false"]);
    expect(JSON.stringify(await reply.json())).toMatch(/budget_exceeded|BUDGET_EXCEEDED/);
    expect([rig.api.requests().length, rig.desk.settled]).toEqual([0, []]);
  });

  test("that the API refuses settles as nothing spent, and its answer passes", async () => {
    await using rig = await createGatewayRig("400");
    const reply = await rig.ask(vendor, path, init);
    expect([reply.status, (await reply.text()).includes("something is wrong")]).toEqual([400, true]);
    expect(rig.desk.settled[0]?.end).toMatchObject({ outcome: "failed", usage: noUsage, costUsd: 0, status: 400 });
  });
});

describe("an answer that breaks off", () => {
  test("breaks off for the agent as well, and is charged for its prompt and what had been said", async () => {
    await using rig = await createGatewayRig("cut");
    const reply = await rig.ask("anthropic", "/v1/messages", messages());
    await expect(reply.text()).rejects.toThrow();
    await rig.desk.until(() => rig.desk.settled.length === 1);
    const { end } = rig.desk.settled[0] ?? {};
    expect(end).toMatchObject({ outcome: "cut", counted: "estimated" });
    expect(end?.usage.input).toBe(1200);
    expect(end?.usage.output).toBeGreaterThan(0);
  });

  test("by the agent's going away takes the request at the API with it", async () => {
    await using rig = await createGatewayRig("hold");
    const gone = new AbortController();
    const reply = rig.ask("anthropic", "/v1/messages", { ...messages(), signal: gone.signal });
    await rig.api.waitFor(({ scenario }) => scenario === "hold");
    gone.abort();
    await expect(reply).rejects.toThrow();
    await rig.api.waitFor(({ clientGone }) => clientGone);
    await rig.desk.until(() => rig.desk.settled.length === 1);
    expect(rig.desk.settled[0]?.end).toMatchObject({ outcome: "abandoned", counted: "estimated" });
  });

  test("by the end of its attempt has settled when the pass is closed", async () => {
    await using rig = await createGatewayRig("hold");
    const reply = rig.ask("anthropic", "/v1/messages", messages()).catch(() => undefined);
    await rig.api.waitFor(({ scenario }) => scenario === "hold");
    rig.passes.anthropic.close();
    expect(rig.desk.settled.map(({ end }) => end.outcome)).toEqual(["abandoned"]);
    await reply;
    await rig.api.waitFor(({ clientGone }) => clientGone);
  });
});

describe("who may ask", () => {
  test("is nobody without a token, with another one, with one of another vendor, or after the attempt", async () => {
    await using rig = await createGatewayRig("text");
    const ask = (key: string) => rig.ask("anthropic", "/v1/messages", { ...messages(), headers: { "x-api-key": key } });
    const statuses = [(await ask("")).status, (await ask(realKey)).status, (await ask(rig.passes.openai.token)).status];
    expect((await ask(rig.passes.anthropic.token)).status).toBe(200);
    rig.passes.anthropic.close();
    expect([...statuses, (await ask(rig.passes.anthropic.token)).status]).toEqual([403, 403, 403, 403]);
    expect(rig.api.requests().length).toBe(1);
  });

  test("is an attempt of an earlier supervisor by the hash of its token alone", async () => {
    await using rig = await createGatewayRig("text");
    const hash = createHash("sha256").update("an old token").digest("hex");
    rig.gateway.open("anthropic", hash)?.answerTo(rig.desk);
    const reply = await rig.ask("anthropic", "/v1/messages", {
      ...messages(),
      headers: { "x-api-key": "an old token" },
    });
    expect(reply.status).toBe(200);
  });

  test("may show a token in the query as Google's clients do, and it goes no further", async () => {
    await using rig = await createGatewayRig("text");
    const path = `/v1beta/models/gemini-3.8-flash:generateContent?alt=json&key=${rig.passes.google.token}`;
    const body = JSON.stringify({ contents: [] });
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${rig.gateway.url}/google${path}`, { method: "POST", body, headers });
    expect([reply.status, rig.api.requests()[0]?.path]).toEqual([
      200,
      "/v1beta/models/gemini-3.8-flash:generateContent?alt=json",
    ]);
  });
});

describe("what does not ask a model", () => {
  test("passes where it is free, and is refused where it could not be metered", async () => {
    await using rig = await createGatewayRig("text");
    const count = await rig.ask("anthropic", "/v1/messages/count_tokens", messages());
    const models = await rig.ask("openai", "/v1/models");
    const batch = await rig.ask("anthropic", "/v1/messages/batches", messages());
    const files = await rig.ask("openai", "/v1/files");
    expect([count.status, models.status, batch.status, files.status]).toEqual([200, 200, 404, 404]);
    expect([rig.desk.asked, rig.api.requests().length]).toEqual([[], 2]);
  });

  test("a WebSocket is answered with 426, so that codex goes on by HTTP at once", async () => {
    await using rig = await createGatewayRig("text");
    const { status } = await askForWebSocket(`${rig.gateway.url}/openai/v1/responses`, rig.passes.openai.token);
    expect(status).toBe(426);
  });
});

async function askForWebSocket(url: string, token: string): Promise<{ readonly status: number | undefined }> {
  const { request } = await import("node:http");
  const headers = { connection: "Upgrade", upgrade: "websocket", authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => resolve({ status: answer.resume().statusCode }))
      .on("error", reject)
      .end();
  });
}

describe("a request that has to wait", () => {
  test("is sent when another one has settled, oldest first", async () => {
    await using rig = await createGatewayRig("text");
    let room = 0;
    rig.desk.answer = (_, request) => {
      if (room <= 0) return { is: "held", retryInMs: undefined };
      room -= 1;
      return { is: "granted", request };
    };
    const replies = [1, 2].map((at) => rig.ask("anthropic", "/v1/messages", messages({ max_tokens: at })));
    await rig.desk.until(() => rig.desk.asked.length === 2);
    const first = rig.desk.asked[0]?.worst;
    room = 1;
    const other = await rig.ask("anthropic", "/v1/messages", messages({ max_tokens: 3 }));
    await other.text();
    room = 2;
    await (await rig.ask("anthropic", "/v1/messages", messages({ max_tokens: 4 }))).text();
    await rig.desk.until(() => rig.desk.granted >= 3);
    expect(rig.desk.asked.filter(({ worst }) => worst.tokens === first?.tokens).length).toBeGreaterThan(1);
    room = 9;
    await (await rig.ask("anthropic", "/v1/messages", messages({ max_tokens: 5 }))).text();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("is asked for a last time before its agent loses patience, and refused then", async () => {
    await using rig = await createGatewayRig("text", { longestWaitMs: 50 });
    rig.desk.answer = ({ final }) => (final ? { is: "refused", reason: "no room" } : { is: "held", retryInMs: 10 });
    expect((await rig.ask("anthropic", "/v1/messages", messages())).status).toBe(402);
    expect(rig.desk.asked.at(-1)?.final).toBe(true);
  });

  test("and whose agent goes away meanwhile is never sent", async () => {
    await using rig = await createGatewayRig("text");
    rig.desk.answer = () => ({ is: "held", retryInMs: undefined });
    const gone = new AbortController();
    const reply = rig.ask("anthropic", "/v1/messages", { ...messages(), signal: gone.signal });
    await rig.desk.until(() => rig.desk.asked.length === 1);
    gone.abort();
    await expect(reply).rejects.toThrow();
    rig.desk.answer = (_, request) => ({ is: "granted", request });
    await (await rig.ask("anthropic", "/v1/messages", messages())).text();
    expect([rig.desk.granted, rig.api.requests().length]).toEqual([1, 1]);
  });
});

describe("a request that is held", () => {
  const held = { is: "held", retryInMs: undefined } as const;

  test("is told of when it goes on, is refused, or has waited for too long", async () => {
    await using rig = await createGatewayRig("text", { longestWaitMs: 50 });
    const seen: number[] = [];
    const answers: RequestAnswer[] = [
      { is: "granted", request: 1 },
      { is: "refused", reason: "no room" },
      held,
      { is: "refused", reason: "no room" },
    ];
    rig.desk.answer = () => {
      seen.push(rig.desk.held);
      return answers.shift() ?? held;
    };
    const statuses: number[] = [];
    for (let at = 0; at < 3; at += 1) {
      const reply = await rig.ask("anthropic", "/v1/messages", messages());
      await reply.text();
      statuses.push(reply.status);
      await rig.desk.until(() => rig.desk.held === 0);
    }
    expect([statuses, seen]).toEqual([
      [200, 402, 402],
      [1, 1, 1, 1],
    ]);
  });

  test("is told of when its agent goes away, its attempt is over, or its exchange breaks", async () => {
    await using rig = await createGatewayRig("text");
    rig.desk.answer = () => held;
    const gone = new AbortController();
    const replies = [
      rig.ask("anthropic", "/v1/messages", { ...messages(), signal: gone.signal }),
      rig.ask("anthropic", "/v1/messages", messages()),
    ].map((reply) => reply.catch(() => "gone"));
    await rig.desk.until(() => rig.desk.held === 2);
    gone.abort();
    await rig.desk.until(() => rig.desk.held === 1);
    rig.passes.anthropic.close();
    await rig.desk.until(() => rig.desk.held === 0);
    expect(await Promise.all(replies)).toEqual(["gone", "gone"]);
    rig.desk.answer = () => {
      throw new Error("a bug");
    };
    await expect(rig.ask("openai", "/v1/responses", dialects[2].init)).rejects.toThrow();
    await rig.desk.until(() => rig.desk.held === 0);
  });

  test("is held while the API has refused its rate, and no longer once it is sent again", async () => {
    await using rig = await createGatewayRig("text", { rateLimit: { window: { requests: 1, ms: 1000 } } });
    const seen: number[] = [];
    rig.desk.answer = (_, request) => {
      seen.push(rig.desk.held);
      return { is: "granted", request };
    };
    for (const _ of [1, 2]) await (await rig.ask("anthropic", "/v1/messages", messages())).text();
    expect([seen, rig.desk.held]).toEqual([[1, 1, 1], 0]);
  });
});

describe("an API that cannot be reached", () => {
  test("is told to the agent as such, with its address and why, costs nothing, and names no key", async () => {
    await using rig = await createGatewayRig("text", { url: "http://user:password@127.0.0.1:9/path" });
    const reply = await rig.ask("anthropic", "/v1/messages", messages());
    const text = await reply.text();
    expect(reply.status).toBe(502);
    const sentence = "the model API at http://127.0.0.1:9 cannot be reached (ECONNREFUSED)";
    expect(text).toContain(sentence);
    expect(rig.desk.waited).toEqual([sentence]);
    expect([text.includes(realKey), text.includes("password")]).toEqual([false, false]);
    expect(rig.desk.settled[0]?.end).toMatchObject({ outcome: "failed", usage: noUsage, costUsd: 0 });
  });
});
