import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLive } from "../testing/liveReader.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { Question, ServerRig } from "../testing/serverRig.ts";
import { serve } from "./serve.ts";

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly permission: string;
}

let rig: ServerRig;
let operations: readonly Operation[];
let run: string;

beforeAll(async () => {
  rig = await startServerRig({
    page: { "index.html": '<base href="/">', "assets/app-1a2b.js": "1", "assets/app-1a2b.js.map": "{}" },
  });
  const { id, log } = rig.addRun([{ type: "run-started" }]);
  await log.flush();
  run = id;
  const document = (await rig.askSigned("/api/openapi.json")).json();
  operations = Object.entries(document["paths"] as Record<string, Record<string, { "x-permission": string }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { "x-permission": permission }]) => ({
        method: method.toUpperCase(),
        path,
        permission,
      })),
  );
});

afterAll(() => rig[Symbol.asyncDispose]());

/** A request to a route with its parameters filled in, and nothing that could make it do something. */
function questionFor({ method, path }: Operation): readonly [string, Question] {
  const filled = path.replace("{run}", "run_aaaaaaaaaa").replaceAll(/\{\w+\}/g, "nobody");
  return [filled, method === "GET" || method === "DELETE" ? { method } : { method, body: { nothing: "of this" } }];
}

/** Those that a token of the test must not really ask for: they have no body to refuse. */
const doSomething = ["/api/demo", "/api/live", "/api/sign-out"];

describe("S1 without credentials", () => {
  test("every route of the OpenAPI document answers 401 but those that are open, which are these", async () => {
    const open: string[] = [];
    for (const operation of operations) {
      const { status } = await rig.ask(...questionFor(operation));
      if (status !== 401) open.push(`${operation.method} ${operation.path} ${status}`);
    }
    expect(operations.length).toBeGreaterThanOrEqual(32);
    expect(open).toEqual(["GET /api/health 200", "POST /api/sign-in 400"]);
  });

  test("what else there is shows nothing of anybody", async () => {
    const paths = [
      "/",
      "/metrics",
      "/docs",
      "/runs/latest",
      "/assets/app-1a2b.js.map",
      "/assets/none.js",
      "/api",
      "/api/nothing",
    ];
    const statuses = await Promise.all(paths.map(async (path) => (await rig.ask(path)).status));
    // The shell of the page for what it may know itself; no source map, and nothing below /api.
    expect(statuses).toEqual([200, 200, 200, 200, 404, 404, 404, 404]);
    expect((await rig.ask("/metrics")).text).toBe('<base href="/">');
  });
});

describe("S2 another name", () => {
  test.each([
    "evil.test",
    "evil.test:PORT",
    "127.0.0.1.evil.test:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "127.0.0.1",
    "2130706433:PORT",
  ])("%s is refused before anything is routed", async (name) => {
    const host = name.replace("PORT", String(rig.server.port));
    expect((await rig.askSigned("/api/session", { headers: { host } })).status).toBe(421);
    expect((await rig.askSigned("/nothing/here", { headers: { host } })).status).toBe(421);
  });

  test.each([
    ["no Host at all", "GET /api/session HTTP/1.1\r\n\r\n", 400],
    ["no Host, in HTTP/1.0", "GET /api/session HTTP/1.0\r\n\r\n", 421],
    ["a whole address", "GET http://evil.test/api/session HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 400],
  ])("%s is refused", async (_what, text, status) => {
    expect(await rawStatus(text)).toBe(status);
  });

  test("our own names are let in", async () => {
    const names = ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"];
    const statuses = names.map(async (name) => {
      return (await rig.askSigned("/api/session", { headers: { host: `${name}:${rig.server.port}` } })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 200]);
  });
});

describe("S3 another site", () => {
  test.each<[string, Record<string, string>]>([
    ["its origin", { origin: "https://evil.test" }],
    ["a hidden origin", { origin: "null" }],
    ["our address at another port", { origin: "http://127.0.0.1:1" }],
    ["a browser that says so", { "sec-fetch-site": "cross-site" }],
    ["a neighbour of our site", { "sec-fetch-site": "same-site" }],
  ])("is refused by %s, whatever it holds", async (_what, headers) => {
    for (const signedIn of [rig.browser(), {}]) {
      const question = { method: "POST", body: {}, headers: { ...signedIn, ...headers } };
      expect((await rig.askSigned(`/api/runs/${run}/pause`, question)).status).toBe(403);
    }
  });

  test("a cookie without an origin changes nothing, a token without one does", async () => {
    const { cookie = "" } = rig.browser();
    const path = `/api/runs/${run}/pause`;
    expect((await rig.ask(path, { method: "POST", body: {}, headers: { cookie } })).json()["code"]).toBe(
      "wrong-origin",
    );
    expect((await rig.askSigned(path, { method: "POST", body: {} })).json()["code"]).toBe("run-not-running");
    expect((await rig.ask(path, { method: "POST", body: {}, headers: rig.browser() })).json()["code"]).toBe(
      "run-not-running",
    );
  });

  test("a page of ours is let to say where it comes from: under `no-referrer` Chromium would hide it", async () => {
    expect((await rig.ask("/")).headers["referrer-policy"]).toBe("same-origin");
  });

  test("no answer lets another site read it", async () => {
    const { headers } = await rig.ask("/api/session", { headers: rig.browser() });
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("S4 a body that is no JSON", () => {
  test.each([
    ["text/plain", "{}", 415],
    ["application/x-www-form-urlencoded", "force=true", 415],
    ["multipart/form-data; boundary=x", "--x--", 415],
    ["application/json", "{garbage", 400],
    ["application/json", '{"force":true,"__proto__":{"x":1}}', 400],
  ])("%s: %s is refused", async (type, body, status) => {
    const question = { method: "POST", body, headers: { ...rig.browser(), "content-type": type } };
    expect((await rig.ask(`/api/runs/${run}/stop`, question)).status).toBe(status);
  });
});

describe("S5 a stream that is another's", () => {
  test.each<[string, () => Record<string, string>, string, number]>([
    ["a foreign origin", () => ({ ...rig.browser(), origin: "https://evil.test" }), "", 403],
    ["a cookie and no origin", () => ({ cookie: rig.browser()["cookie"] ?? "" }), "", 403],
    ["a token in the address", () => ({}), "?token=cot_x", 401],
    ["nobody", () => ({}), "", 401],
    ["our own page", () => rig.browser(), "", 101],
  ])("a WebSocket of %s", async (_what, headersOf, query, status) => {
    const lines = Object.entries(headersOf()).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n`;
    const text = `GET /api/live${query} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n${head}${lines.join("")}\r\n`;
    expect(await rawStatus(text)).toBe(status);
  });

  test("ends soon after its session does", async () => {
    const headers = rig.browser();
    const reader = await openLive({ port: rig.server.port, path: "/api/live", headers });
    await reader.until((envelopes) => envelopes[0]);
    expect((await rig.ask("/api/sign-out", { method: "POST", headers })).status).toBe(200);
    expect(await reader.until(() => undefined)).toBeUndefined();
    expect((await rig.ask("/api/session", { headers })).status).toBe(401);
  });
});

test("S6 at an address of others it does not start without encryption, a name and a token, and says the fix", async () => {
  const flags = {
    port: 0,
    "no-open": true,
    "base-path": undefined,
    "public-url": undefined,
    json: false,
    "runs-dir": undefined,
  };
  const noTls = { "tls-cert": undefined, "tls-key": undefined, "trusted-proxy": [] };
  await using other = await startServerRig();
  for (const token of other.book.tokens()) other.book.revokeToken(token.name);
  const open = { ...flags, ...noTls, host: "0.0.0.0" };
  const proxied = { ...open, "trusted-proxy": ["10.0.0.1"] };
  const codes = [
    await serve(open, other.io),
    await serve(proxied, other.io),
    await serve({ ...proxied, "public-url": "https://fleet.example.org" }, other.io),
  ];
  expect(codes).toEqual([78, 78, 78]);
  const said = (other.io as unknown as { said(): string }).said();
  expect([...said.matchAll(/--tls-cert|--public-url|tokens create/g)].map(([word]) => word)).toEqual([
    "--tls-cert",
    "--public-url",
    "tokens create",
  ]);
});

describe("S8 a path with two meanings", () => {
  const guarded = [
    "/api//runs",
    "/api/%2e%2e/api/runs",
    "/api%2fruns",
    "/api/runs%2f",
    "/api/./runs",
    "/api/runs;x=1",
    "/%61pi/runs",
  ];
  const unlike = [
    "/api/runs.",
    "/API/runs",
    "/api/runs/",
    "/api/%c0%aeruns",
    "/api\\runs",
    "/api/runs%00",
    "//127.0.0.1/api/runs",
  ];

  test.each([...guarded, ...unlike])("%s is nobody's way to the runs", async (path) => {
    const [open, signed] = [await rig.ask(path), await rig.askSigned(path)];
    expect([open.status, signed.status].filter((status) => status === 200)).toEqual([]);
    expect([400, 401, 404]).toContain(open.status);
  });

  test.each([
    "/assets/../index.html",
    "/assets/%2e%2e/index.html",
    "/../../etc/passwd",
    "/assets/..%2f..%2fetc/passwd",
  ])("%s leads to no file", async (path) => expect((await rig.ask(path)).status).toBe(400));
});

test("S9 each kind of credential may do exactly what its permissions say, route by route", async () => {
  // So many wrong tokens keep the address out of other tests.
  await using own = await startServerRig();
  const reads = ["self", "run:read", "schedule:read", "machine:read"];
  const reader = own.book.createToken({ name: "reader", lastsMs: 60_000, canChange: false });
  const expired = own.book.createToken({ name: "expired", lastsMs: -1, canChange: true });
  const all = [...reads, "run:start", "run:control", "schedule:change"];
  const kinds = [
    { headers: { authorization: `Bearer ${reader}` }, may: reads },
    { headers: own.browser(), may: all },
    { headers: { authorization: `Bearer ${expired}` }, may: undefined },
    { headers: { authorization: `Bearer ${reader.slice(0, -1)}${reader.endsWith("0") ? "1" : "0"}` }, may: undefined },
    { headers: { authorization: `Basic ${btoa(`x:${reader}`)}` }, may: undefined },
  ];
  const wrong: string[] = [];
  for (const operation of operations.filter(
    ({ path, permission }) => permission !== "public" && !doSomething.includes(path),
  )) {
    for (const [index, { headers, may }] of kinds.entries()) {
      const [path, question] = questionFor(operation);
      const { status } = await own.ask(path, { ...question, headers });
      const expected = may === undefined ? 401 : may.includes(operation.permission) ? "let in" : 403;
      // Who is wrong as often as this is told to come again later.
      const isNobody = expected === 401 && status === 429;
      const isRight = expected === "let in" ? status !== 401 && status !== 403 : status === expected || isNobody;
      if (!isRight) wrong.push(`kind ${index}: ${operation.method} ${operation.path} ${status}, not ${expected}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("S10 a run that is not in this folder is not there, by whatever name it is asked for", async () => {
  const names = ["run_0000000000", "run_zzzzzzzzzz", encodeURIComponent("*"), "null", "%20", "..run"];
  const answers: unknown[] = [];
  for (const { path } of operations.filter((each) => each.path.includes("{run}") && each.method === "GET")) {
    for (const name of names) {
      const query = "?instance=review&text=a".slice(0, path.includes("log") || path.includes("diff") ? undefined : 0);
      const wanted = path.endsWith("search") ? query : query.replace("&text=a", "");
      answers.push((await rig.askSigned(`${path.replace("{run}", name)}${wanted}`)).status);
    }
  }
  expect([...new Set(answers)]).toEqual([404]);
});

describe("S13 a body that is meant to confuse", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;

  test.each<[string, string, Record<string, string>, number]>([
    ["a file by another field", '{"files":{"x":{"filepath":"/etc/passwd"}}}', {}, 400],
    ["a prototype", '{"__proto__":{"file":"x"}}', {}, 400],
    ["a constructor", '{"constructor":{"prototype":{"file":"x"}}}', {}, 400],
    ["what is nested deeply", `{"text":${deep}}`, {}, 400],
    ["one key twice", '{"text":"a","text":"b"}', {}, 400],
    ["one key twice, escaped", String.raw`{"text":"a","te\u0078t":"b"}`, {}, 400],
    ["half a character", String.raw`{"text":"\ud800"}`, {}, 400],
    ["a number that is none", '{"text":"a","budget_usd":1e999}', {}, 400],
    ["NaN", '{"text":"a","budget_usd":NaN}', {}, 400],
    ["a character that no program can be started with", String.raw`{"prompts":["a\u0000b"]}`, {}, 400],
    ["no object", "[]", {}, 400],
    ["20 MB", JSON.stringify({ text: "x".repeat(20_000_000) }), {}, 413],
    ["compressed", "{}", { "content-encoding": "gzip" }, 415],
  ])("%s is refused", async (_what, body, headers, status) => {
    const question = { method: "POST", body, headers: { "content-type": "application/json", ...headers } };
    const reply = await rig.askSigned("/api/plan", question);
    expect([reply.status, reply.headers["content-type"]]).toEqual([status, "application/problem+json"]);
    expect(reply.json()["detail"]).toMatch(/[a-z]{3}/);
  });

  test("is refused by every route of the document that takes one", async () => {
    const wrong: string[] = [];
    for (const operation of operations.filter(({ method }) => method === "POST" || method === "PUT")) {
      for (const body of ['{"a":1,"a":2}', '{"__proto__":{}}', String.raw`{"a":"\udfff"}`, '{"a":NaN}']) {
        const headers = { "content-type": "application/json" };
        const [path] = questionFor(operation);
        const { status } = await rig.askSigned(path, { method: operation.method, body, headers });
        if (status !== 400) wrong.push(`${operation.method} ${operation.path} ${body}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("S15 a hostile file", () => {
  const bomb = `a: &a [${"x,".repeat(9)}x]\n${["b", "c", "d", "e", "f", "g", "h"].map((name, at) => `${name}: &${name} [${`*${"abcdefg"[at]},`.repeat(10)}]`).join("\n")}\n`;

  test.each([
    ["a script", "instances:\n  - name: a\n    agent: command\n    run: touch MARK\n"],
    [
      "a substitution",
      'name: "$(touch MARK)"\ninstances:\n  - name: a\n    agent: command\n    run: ["touch", "MARK"]\n',
    ],
    ["a tag", "instances: !!js/function 'function(){}'\n"],
    ["aliases without end", bomb],
    ["an address", "include: http://127.0.0.1:1/evil.yaml\ninstances: []\n"],
  ])("with %s is planned without anything of it being done", async (_what, text) => {
    const marked = text.replaceAll("MARK", join(rig.folder, "mark"));
    const reply = await rig.askSigned("/api/plan", { method: "POST", body: { text: marked } });
    expect(reply.status).toBe(200);
    expect(existsSync(join(rig.folder, "mark"))).toBe(false);
    expect(existsSync(join(rig.folder, ".orchestrator", "pasted"))).toBe(false);
  });

  test("is not started by who may only read", async () => {
    const reader = rig.book.createToken({ name: "only reads", lastsMs: 60_000, canChange: false });
    const headers = { authorization: `Bearer ${reader}` };
    const reply = await rig.ask("/api/runs", { method: "POST", headers, body: { prompts: ["x"] } });
    expect([reply.status, reply.json()["code"]]).toEqual([403, "forbidden"]);
  });
});

describe("S38 what an agent prints", () => {
  const hostile = [
    "\u001b]8;;javascript:alert(1)\u0007link\u001b]8;;\u0007",
    "\u001b]52;c;ZXZpbA==\u0007\u001b]0;title\u0007<script>alert(1)</script>",
    "\u001b[2J\u001b[1;31mred\u001b[0m\u202egnp.exe",
    "x".repeat(1_000_000),
  ];

  test("is text with its colours, and nothing else", async () => {
    const { id, log } = rig.addRun([plannedAttempt], { "attempts/review.1.stdout": `${hostile.join("\n")}\n` });
    await log.flush();
    const page = (await rig.askSigned(`/api/runs/${id}/log?instance=review`)).json();
    const lines = page["lines"] as { text: string; is_cut: boolean }[];
    expect(lines.slice(0, 3).map(({ text }) => text)).toEqual([
      "link",
      "<script>alert(1)</script>",
      "\u001b[1;31mred\u001b[0mgnp.exe",
    ]);
    expect([lines[3]?.text.length, lines[3]?.is_cut]).toEqual([16 * 1024, true]);
    const raw = await rig.askSigned(`/api/runs/${id}/log/raw?instance=review`);
    expect(raw.text).toBe(`${hostile.join("\n")}\n`);
    expect([
      raw.headers["content-disposition"],
      raw.headers["content-security-policy"],
      raw.headers["content-type"],
    ]).toEqual([
      `attachment; filename="${id}-review.stdout"`,
      "default-src 'none'; sandbox",
      "application/octet-stream",
    ]);
  });

  test("finds no way into the page: its policy knows no script but files of ours", async () => {
    const { headers } = await rig.ask("/");
    const policy = String(headers["content-security-policy"]);
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
    expect(policy).toMatch(/^default-src 'none'/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });
});

const plannedAttempt = {
  type: "attempt-planned",
  instance: "review",
  attempt: 1,
  agent: "claude",
  argv: ["claude"],
  envNames: [],
  cwd: "/tmp/work",
  files: { stdout: "attempts/review.1.stdout", stderr: "attempts/review.1.stderr" },
  marker: "x",
} as const;

/** The status of the answer to bytes that no client would send. */
function rawStatus(text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(rig.server.port, "127.0.0.1", () =>
      socket.write(text.replaceAll("PORT", String(rig.server.port))),
    );
    socket.setEncoding("latin1");
    let answer = "";
    socket.on("data", (part: string) => {
      answer += part;
      const [, status] = /^HTTP\/1\.1 (\d+) /.exec(answer) ?? [];
      if (status === undefined) return;
      socket.destroy();
      resolve(Number(status));
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`no answer to ${text}`)));
    void wait(30_000, undefined, { ref: false }).then(() => reject(new Error("nothing came")));
  });
}
