import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openLive } from "../testing/liveReader.ts";
import { startServerRig } from "../testing/serverRig.ts";
import type { Reply, ServerRig } from "../testing/serverRig.ts";

const wrong = { authorization: `Bearer cot_${"x".repeat(43)}_000000` };

/** Guarded routes of the document that can be asked for without saying more. */
async function guardedPaths(rig: ServerRig): Promise<readonly string[]> {
  const { paths } = (await rig.askSigned("/api/openapi.json")).json();
  return Object.entries(paths as Record<string, Record<string, { "x-permission": string }>>)
    .filter(([path, { get }]) => get !== undefined && get["x-permission"] !== "public" && !path.includes("{"))
    .map(([path]) => path);
}

async function tireOut(rig: ServerRig, headers: Readonly<Record<string, string>> = wrong): Promise<Reply> {
  for (let count = 0; count < 50; count += 1) {
    const reply = await rig.ask("/api/session", { headers });
    if (reply.status === 429) return reply;
    expect(reply.status).toBe(401);
  }
  throw new Error("nobody was ever refused");
}

describe("whoever brings wrong tokens too often", () => {
  test("is told by every route of the document when to come again, and nobody else is kept out", async () => {
    await using rig = await startServerRig();
    const paths = await guardedPaths(rig);
    const headers = rig.browser();
    const refused = await tireOut(rig);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(refused.json()).toMatchObject({
      status: 429,
      code: "too-many-attempts",
      hint: expect.stringContaining("s with"),
    });
    const statuses = await Promise.all(paths.map(async (path) => (await rig.ask(path, { headers: wrong })).status));
    expect(paths.length).toBeGreaterThan(10);
    // As time passes one may be let try again.
    expect(statuses.filter((status) => status !== 429 && status !== 401)).toEqual([]);
    // A session, a token that was good before, and a link that is good, from the same address.
    expect((await rig.ask("/api/session", { headers })).status).toBe(200);
    expect((await rig.askSigned("/api/session")).status).toBe(200);
    expect((await rig.ask(`/sign-in/${rig.book.createCode()}`)).status).toBe(200);
  });

  test("signs nobody in meanwhile, with what was never good before, and fills no disk", async () => {
    await using rig = await startServerRig();
    const token = rig.book.createToken({ name: "new", lastsMs: 60_000, canChange: true });
    const signIn = async (code: string) => rig.ask("/api/sign-in", { method: "POST", body: { code } });
    const statuses: number[] = [];
    for (let count = 0; count < 60; count += 1) statuses.push((await signIn("wrong")).status);
    expect([...new Set(statuses)]).toEqual([401, 429]);
    const late = await signIn(token);
    expect([late.status, (await rig.ask("/sign-in/wrong")).status]).toEqual([429, 429]);
    expect(Number(late.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    const lines = readFileSync(join(rig.folder, "state", "server", "audit.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(lines.length).toBeLessThan(60);
  });

  test("is told apart by the address a trusted proxy tells, and by no other", async () => {
    await using rig = await startServerRig({ trustedProxies: ["127.0.0.1"] });
    await tireOut(rig, { ...wrong, "x-forwarded-for": "6.6.6.6, 203.0.113.9" });
    const from = async (address: string) =>
      (await rig.ask("/api/session", { headers: { ...wrong, "x-forwarded-for": address } })).status;
    expect([await from("198.51.100.1"), await from("1.2.3.4, 203.0.113.9")]).toEqual([401, 429]);
    await using direct = await startServerRig();
    for (let count = 0; count < 20; count += 1) {
      await direct.ask("/api/session", { headers: { ...wrong, "x-forwarded-for": `203.0.113.${count}` } });
    }
    const { status } = await direct.ask("/api/session", { headers: { ...wrong, "x-forwarded-for": "9.9.9.9" } });
    expect(status).toBe(429);
  });
});

describe("what one client may take", () => {
  test("two hundred streams of one name, and then no more until one ends", async () => {
    await using rig = await startServerRig();
    const headers = rig.browser();
    const readers = [];
    for (let count = 0; count < 200; count += 1) {
      readers.push(await openLive({ port: rig.server.port, path: "/api/live?list=false", headers }));
    }
    const refused = await rig.ask("/api/live", { headers });
    expect([refused.status, refused.json()["code"]]).toEqual([429, "too-many-streams"]);
    // Others are not kept out.
    const other = await openLive({ port: rig.server.port, path: "/api/live?list=false", headers: tokenHeaders(rig) });
    expect(await other.until((envelopes) => envelopes[0])).toMatchObject({ kind: "hello" });
  }, 60_000);

  test("four kilobytes of somebody who is not signed in, and no more is read", async () => {
    await using rig = await startServerRig();
    const signIn = async (code: string) => (await rig.ask("/api/sign-in", { method: "POST", body: { code } })).status;
    expect([await signIn("x".repeat(100)), await signIn("x".repeat(5000))]).toEqual([401, 413]);
  });

  test.each([
    ["headers larger than 16 kB", `X-Long: ${"x".repeat(20_000)}\r\n`, 431],
    [
      "a body larger than 2 MB, refused by what it says",
      `Content-Type: application/json\r\nContent-Length: 3000000\r\n`,
      413,
    ],
  ])("%s are not read", async (_what, lines, status) => {
    await using rig = await startServerRig();
    const { authorization } = tokenHeaders(rig);
    const head = `POST /api/plan HTTP/1.1\r\nHost: 127.0.0.1:${rig.server.port}\r\nAuthorization: ${authorization}\r\n`;
    expect(await firstLine(rig, `${head}${lines}\r\n`)).toContain(` ${status} `);
  });
});

function tokenHeaders(rig: ServerRig): { readonly authorization: string } {
  return { authorization: `Bearer ${rig.book.createToken({ name: "other", lastsMs: 60_000, canChange: true })}` };
}

function firstLine(rig: ServerRig, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(rig.server.port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("latin1").once("data", (part: string) => {
      socket.destroy();
      resolve(part.split("\r\n", 1)[0] ?? "");
    });
    socket.on("error", reject);
  });
}
