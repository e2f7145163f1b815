import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scenarios } from "./scenarios/index.ts";
import { startModelApi, type ModelApi } from "./server.ts";
import { eventsOf, messagesBody, post } from "./testing/client.ts";

let api: ModelApi;

beforeAll(async () => {
  api = await startModelApi({ speed: 0 });
});

afterAll(() => api.close());

const ask = (base: string, prompt = "hi", headers: Record<string, string> = {}) =>
  post(`${base}/v1/messages`, messagesBody(prompt), headers);

const scenarioOfLast = (): string | undefined => api.requests().at(-1)?.scenario;

describe("which scenario answers", () => {
  test("the default is a plain answer", async () => {
    await ask(api.url);
    expect(scenarioOfLast()).toBe("text");
  });

  test.each([
    ["the key", { path: "", prompt: "hi", headers: { "x-api-key": "mock-cache" } }, "cache"],
    [
      "a header over the key",
      { path: "", prompt: "hi", headers: { "x-api-key": "mock-cache", "x-mock-scenario": "json" } },
      "json",
    ],
    [
      "the address over a header",
      { path: "/s/thinking/run-1", prompt: "hi", headers: { "x-mock-scenario": "json" } },
      "thinking",
    ],
    [
      "a marker over the address",
      { path: "/s/thinking", prompt: "do [[mock:tool-two]] this", headers: {} },
      "tool-two",
    ],
  ])("%s", async (_, request, expected) => {
    await ask(`${api.url}${request.path}`, request.prompt, request.headers);
    expect(scenarioOfLast()).toBe(expected);
  });

  test("the latest marker counts, and a notice of background work does not hide it", async () => {
    const messages = [
      { role: "user", content: "[[mock:json]] one" },
      { role: "assistant", content: "first" },
      { role: "user", content: "[[mock:echo]] two" },
      { role: "assistant", content: "second" },
      { role: "user", content: "<task-notification> [[mock:hang]] </task-notification>" },
    ];
    await post(`${api.url}/v1/messages`, messagesBody("", { messages }));
    expect(scenarioOfLast()).toBe("echo");
  });

  test("a name no scenario has is refused with a sentence, not answered by another", async () => {
    const reply = await ask(api.url, "[[mock:tpyo]]");
    expect([reply.status, reply.text.includes("tpyo")]).toEqual([400, true]);
  });

  test("all scenarios are listed with what they do", async () => {
    const listed: unknown = await (await fetch(`${api.url}/__scenarios`)).json();
    expect(Object.keys(listed as object)).toEqual(Object.keys(scenarios));
  });
});

describe("errors", () => {
  test.each([
    ["400", 400, "invalid_request_error"],
    ["402", 402, "billing_error"],
    ["402-custom", 402, "budget_exceeded"],
    ["429", 429, "rate_limit_error"],
    ["529", 529, "overloaded_error"],
  ] as const)("scenario %s is HTTP %i of type %s", async (scenario, status, type) => {
    const reply = await ask(api.urlFor(scenario));
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([status, { type: "error", error: { type } }]);
  });

  test("a rate limit says when to come back", async () => {
    expect((await ask(api.urlFor("429"))).headers.get("retry-after")).toBe("1");
    expect((await ask(api.urlFor("429-noretry"))).headers.get("x-should-retry")).toBe("false");
  });

  test("once means once for each run, prompt and turn", async () => {
    const statuses = async (run: string, prompt: string): Promise<readonly number[]> => {
      const base = api.urlFor("429-once", run);
      return [(await ask(base, prompt)).status, (await ask(base, prompt)).status];
    };
    expect([await statuses("a", "x"), await statuses("b", "x"), await statuses("a", "y")]).toEqual([
      [429, 200],
      [429, 200],
      [429, 200],
    ]);
  });

  test("a stream can fail after HTTP 200", async () => {
    const reply = await ask(api.urlFor("stream-error"));
    expect([reply.status, eventsOf(reply.text).map(({ event }) => event)]).toEqual([200, ["error"]]);
  });

  test("a path or a body that is none is refused", async () => {
    expect((await post(`${api.url}/v1/nothing`, {})).status).toBe(404);
    expect((await fetch(`${api.url}/v1/messages`, { method: "POST", body: "{" })).status).toBe(400);
  });
});

describe("connections", () => {
  test("a cut stream delivers its beginning and then breaks", async () => {
    const response = await fetch(`${api.urlFor("cut")}/v1/messages`, {
      method: "POST",
      body: JSON.stringify(messagesBody("hi")),
    });
    const decoder = new TextDecoder();
    let received = "";
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received += decoder.decode(chunk as Uint8Array, { stream: true });
    })();
    await expect(reading).rejects.toThrow(/terminated/);
    expect(received).toContain("content_block_delta");
    expect(received).not.toContain("message_stop");
    const recorded = await api.waitFor((request) => request.scenario === "cut" && request.outcome === "cut");
    expect(recorded.clientGone).toBe(false);
  });

  test("a hanging request stays open until the client goes, and that is recorded", async () => {
    const client = new AbortController();
    const asked = fetch(`${api.urlFor("hang", "h1")}/v1/messages`, {
      method: "POST",
      body: JSON.stringify(messagesBody("hi")),
      signal: client.signal,
    });
    await api.waitFor((request) => request.run === "hang/h1" && request.outcome === "waiting");
    client.abort();
    await expect(asked).rejects.toThrow(/abort/);
    const gone = await api.waitFor((request) => request.run === "hang/h1" && request.clientGone);
    expect(gone.outcome).toBe("waiting");
  });

  test("a held request is answered when its run is released", async () => {
    const held = ask(api.urlFor("hold", "one"));
    await api.waitFor((request) => request.run === "hold/one" && request.outcome === "waiting");
    api.release("one");
    expect(eventsOf((await held).text).at(-1)?.event).toBe("message_stop");
  });

  test("closing ends what is still open", async () => {
    const other = await startModelApi();
    const outcome = Promise.allSettled([
      ask(other.urlFor("hang")),
      ask(other.urlFor("slow")),
      ask(other.urlFor("hold")),
    ]);
    await other.waitFor((request) => request.number === 3);
    await other.close();
    expect((await outcome).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  });
});

test("a record holds what a test may ask about", async () => {
  await post(`${api.urlFor("text", "rec")}/v1/messages?beta=true`, messagesBody("remember me"), { "x-run-id": "r1" });
  const found = await api.waitFor((request) => request.run === "text/rec" && request.outcome === "streamed");
  expect(found).toMatchObject({
    method: "POST",
    path: "/s/text/rec/v1/messages?beta=true",
    api: "anthropic",
    model: "claude-haiku-5-5",
    stream: true,
    scenario: "text",
    turn: 0,
    attempt: 1,
    status: 200,
    clientGone: false,
  });
  expect(found.headers["x-run-id"]).toBe("r1");
  expect(found.bodyBytes).toBe(Buffer.byteLength(found.body));
  expect(found.body).toContain("remember me");
});

test("it listens on the loopback address only", () => {
  expect(new URL(api.url).hostname).toBe("127.0.0.1");
});
