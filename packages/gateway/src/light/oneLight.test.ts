import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { createGatewayRig } from "../testing/rig.ts";
import type { AskInit, GatewayRig } from "../testing/rig.ts";

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

const ask = (rig: GatewayRig, init = messages()): Promise<Response> => rig.ask("anthropic", "/v1/messages", init);

const outcomes = (rig: GatewayRig): readonly string[] =>
  rig.desk.settled.map(({ end }) => `${end.outcome} ${end.status}`);

describe("a request that the API has no room for", () => {
  test("is asked again when it may be, unseen by its agent, and settles for each try", async () => {
    await using rig = await createGatewayRig("429-once");
    const reply = await ask(rig);
    expect([reply.status, (await reply.text()).includes("message_stop")]).toEqual([200, true]);
    expect(outcomes(rig)).toEqual(["failed 429", "answered 200"]);
    const [, second] = rig.desk.settled;
    // The stand-in says two seconds.
    expect(second?.end.waitedMs).toBeGreaterThanOrEqual(2000);
    expect(second?.end.firstByteMs).toBeGreaterThanOrEqual(0);
    expect(rig.desk.waited).toEqual([expect.stringMatching(/^the API's rate limit, until \d\d:\d\d:\d\d$/)]);
  });

  test.each(["429-long", "429-noretry", "429-sub"] as const)(
    "for longer than its agent would wait gets the API's own words, byte for byte (%s)",
    async (scenario) => {
      await using rig = await createGatewayRig(scenario);
      const reply = await ask(rig);
      const direct = await fetch(`${rig.api.url}/v1/messages`, { ...messages(), headers: {} });
      expect([reply.status, await reply.text()]).toEqual([429, await direct.text()]);
      for (const name of ["retry-after", "x-should-retry", "request-id", "anthropic-ratelimit-unified-status"]) {
        expect(reply.headers.get(name)).toBe(direct.headers.get(name));
      }
      expect(outcomes(rig)).toEqual(["failed 429"]);
    },
  );

  test("for as long as it can wait gets the API's last words then", async () => {
    await using rig = await createGatewayRig("429", { longestWaitMs: 1500 });
    const reply = await ask(rig);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(outcomes(rig).length).toBeGreaterThan(0);
  });

  test("is passed on where the API is overloaded: its agent may have another model to go to", async () => {
    await using rig = await createGatewayRig("529");
    expect((await ask(rig)).status).toBe(529);
  });
});

describe("what comes while the API takes nothing", () => {
  test("for long is answered without being sent, so that the agent ends, and nobody is started meanwhile", async () => {
    await using rig = await createGatewayRig("429-long");
    await (await ask(rig)).text();
    const reply = await ask(rig);
    expect([reply.status, reply.headers.get("x-should-retry")]).toEqual([429, "false"]);
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(3500);
    expect(await reply.json()).toMatchObject({ error: { type: "rate_limit_error" } });
    expect([rig.api.requests().length, rig.desk.granted]).toEqual([1, 1]);
    expect(rig.desk.windows).toEqual([{ window: "rate_limit", status: "rejected", resetsAt: expect.any(Number) }]);
  });

  test.each([
    ["openai", "/v1/responses", { model: "gpt-5.5", input: "hi" }, { error: { code: "rate_limit_exceeded" } }],
    [
      "google",
      "/v1beta/models/gemini-3.8-flash:generateContent",
      { contents: [] },
      { error: { status: "RESOURCE_EXHAUSTED" } },
    ],
  ] as const)("is told so in the words of %s", async (vendor, path, body, words) => {
    await using rig = await createGatewayRig("429-long");
    const init = { method: "POST", body: JSON.stringify(body) };
    await (await rig.ask(vendor, path, init)).text();
    const reply = await rig.ask(vendor, path, init);
    expect([reply.status, await reply.json()]).toMatchObject([429, words]);
    expect(rig.api.requests().length).toBe(1);
  });

  test("has nothing set aside for it, and is not sent when its agent goes away", async () => {
    await using rig = await createGatewayRig("hold", { maxConcurrentRequests: 1 });
    const first = ask(rig);
    await rig.api.waitFor(({ outcome }) => outcome === "waiting");
    const gone = new AbortController();
    const second = ask(rig, { ...messages(), signal: gone.signal });
    await rig.desk.until(() => rig.desk.waited.length === 1);
    expect([rig.desk.waited, rig.desk.granted]).toEqual([["its turn at the API"], 1]);
    gone.abort();
    await expect(second).rejects.toThrow();
    const third = ask(rig);
    await rig.desk.until(() => rig.desk.waited.length === 2);
    // Nobody is ahead of it any more.
    expect(rig.desk.waited[1]).toBe("its turn at the API");
    rig.api.release();
    for (const reply of [first, third]) await (await reply).text();
    expect([rig.api.requests().length, rig.desk.granted]).toEqual([2, 2]);
  });
});

test("a place at the API is free again however its request ends", async () => {
  await using rig = await createGatewayRig("hold", { maxConcurrentRequests: 1 });
  const gone = new AbortController();
  const lost = ask(rig, { ...messages(), signal: gone.signal });
  await rig.api.waitFor(({ outcome }) => outcome === "waiting");
  gone.abort();
  await expect(lost).rejects.toThrow();
  const cut = await ask(rig, messages({ messages: [{ role: "user", content: "[[mock:cut]]" }] }));
  await expect(cut.text()).rejects.toThrow();
  const closing = ask(rig).catch(() => "closed");
  await rig.api.waitFor(({ number, outcome }) => number === 3 && outcome === "waiting");
  rig.passes.anthropic.close();
  expect(await closing).toBe("closed");
  const pass = rig.gateway.open("anthropic");
  pass?.answerTo(rig.desk);
  const headers = { "x-api-key": pass?.token ?? "" };
  const last = await ask(rig, { ...messages({ messages: [{ role: "user", content: "[[mock:text]]" }] }), headers });
  expect(last.status).toBe(200);
});

test("where the account's usage windows stand is told once, and again when it has changed", async () => {
  await using rig = await createGatewayRig("rl-headers");
  for (let at = 0; at < 3; at += 1) await (await ask(rig)).text();
  const shares = rig.desk.windows.map(({ window, status, utilization }) => ({ window, status, utilization }));
  // Its reset is an hour from each request.
  expect(new Set(rig.desk.windows.map(({ resetsAt }) => resetsAt)).size).toBe(rig.desk.windows.length);
  expect(shares[0]).toEqual({ window: "five_hour", status: "warning", utilization: 0.91 });
});

test("thirty clients behind one key all get their answer, and the API has to refuse few", async () => {
  await using rig = await createGatewayRig("text", { rateLimit: { window: { requests: 10, ms: 1000 } } });
  const replies = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const reply = await ask(rig);
      return [reply.status, (await reply.text()).includes("message_stop")];
    }),
  );
  expect(replies).toEqual(Array.from({ length: 30 }, () => [200, true]));
  // What was on its way when the first refusal came, and a few of each window: asked again by each for itself it is thirty and more.
  expect(rig.api.rateLimitCounts().refused).toBeLessThan(25);
});

test("a refusal that is packed, and says only in its body when to come back, is understood", async () => {
  const { gzipSync } = await import("node:zlib");
  let asked = 0;
  const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "0.05s" }];
  const refusal = gzipSync(JSON.stringify([{ error: { code: 429, details } }]));
  const server = createServer((_, response) => {
    asked += 1;
    if (asked > 1) response.end("{}");
    else response.writeHead(429, { "content-encoding": "gzip" }).end(refusal);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using rig = await createGatewayRig("text", { url });
  const path = "/v1beta/models/gemini-3.8-flash:generateContent";
  const reply = await rig.ask("google", path, { method: "POST", body: JSON.stringify({ contents: [] }) });
  expect([reply.status, asked]).toEqual([200, 2]);
  server.close();
});
