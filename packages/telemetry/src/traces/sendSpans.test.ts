import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { sendSpans } from "./sendSpans.ts";
import type { Post } from "./sendSpans.ts";
import type { Span } from "./span.ts";

const span: Span = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "00f067aa0ba902b7",
  name: "run",
  kind: "internal",
  start: 1,
  end: 2,
  attributes: {},
  events: [],
  droppedEvents: 0,
  links: [],
  status: { code: "unset" },
  seq: 1,
};

const settings = {
  url: new URL("http://localhost:4318/v1/traces"),
  headers: { "x-key": "k", "content-type": "text/plain" },
  allowPrivate: true,
  gzip: true,
  timeoutMs: 1000,
  resource: {},
};

function send(post: Post, gzip = true): ReturnType<typeof sendSpans> {
  const options = { settings: { ...settings, gzip }, resource: { attributes: {}, version: "1.2.3" }, post };
  return sendSpans([span, span, span], options, new AbortController().signal);
}

const answering =
  (status: number, excerpt = "", retryAfterMs?: number): Post =>
  async () => ({ status, excerpt, retryAfterMs });

test("a batch is one POST of JSON, packed unless that is not wanted, under the person's headers", async () => {
  const posts: Parameters<Post>[0][] = [];
  const post: Post = async (each) => {
    posts.push(each);
    return { status: 200, excerpt: "{}", retryAfterMs: undefined };
  };
  const arrived = { ok: true, rejected: 0, detail: "" };
  expect([await send(post), await send(post, false)]).toEqual([arrived, arrived]);
  const [packed, plain] = posts;
  expect(packed?.headers).toEqual({
    "user-agent": "claude-orchestrator/1.2.3",
    "x-key": "k",
    "content-type": "application/json",
    "content-encoding": "gzip",
  });
  expect(gunzipSync(packed?.body ?? "")).toEqual(Buffer.from(plain?.body ?? ""));
  expect(plain?.headers).not.toHaveProperty("content-encoding");
});

test.for([
  [429, "busy"],
  [502, "busy"],
  [503, "busy"],
  [504, "busy"],
  [400, "final"],
  [401, "final"],
  [307, "final"],
  [500, "final"],
] as const)("an answer of %i is %s", async ([status, why]) => {
  expect(await send(answering(status, "", 2000))).toMatchObject({ ok: false, why, detail: `HTTP ${status}` });
});

test("spans that a collector says it did not take are counted, in either way numbers are written", async () => {
  for (const count of ["2", '"2"']) {
    const answer = await send(answering(200, `{"partialSuccess": {"rejectedSpans": ${count}, "errorMessage": "no"}}`));
    expect(answer).toEqual({ ok: true, rejected: 2, detail: "the collector rejected them" });
  }
  expect(await send(answering(200, '{"partialSuccess":{"rejectedSpans":"99"}}'))).toMatchObject({ rejected: 3 });
});

test("nobody at the address may be there later; an address that must not be dialled never may", async () => {
  const refused = new Error("10.0.0.7 is no public address (private)");
  refused.name = "RefusedTarget";
  expect(await send(() => Promise.reject(new Error("connect ECONNREFUSED")))).toMatchObject({ why: "unreachable" });
  expect(await send(() => Promise.reject(refused))).toMatchObject({ why: "final", detail: refused.message });
});
