import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askControl } from "./askControl.ts";
import { makeControlAddress, removeControlAddress, whyNotTrusted } from "./controlAddress.ts";
import { encodeRequest, largestMessageBytes, type ControlRequest } from "./controlMessages.ts";
import { openControlServer, type ControlServer } from "./controlServer.ts";

let folder = "";
let asked: ControlRequest[] = [];
const servers: ControlServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "control "));
  asked = [];
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(directory = folder): Promise<ControlServer> {
  const server = await openControlServer(directory, (request) => {
    asked.push(request);
    if (request.kind === "unpause") throw new Error("no such state");
    return { ok: true, message: `heard ${request.kind}` };
  });
  servers.push(server);
  return server;
}

function lineOf({ token }: ControlServer, request: ControlRequest, until = Date.now() + 60_000): string {
  return encodeRequest({ token, until, request });
}

/** What comes back for these bytes, sent as they are. */
function send(address: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(address, () => socket.write(bytes));
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

function connected(address: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(address, () => resolve(socket));
    socket.on("error", () => resolve(socket));
  });
}

describe("a supervisor that is asked", () => {
  test("answers whoever has the token, request by request", async () => {
    const server = await open();
    expect(await askControl(server, { kind: "pause" })).toEqual({ ok: true, message: "heard pause" });
    expect(await askControl(server, { kind: "stop", force: true })).toEqual({ ok: true, message: "heard stop" });
    expect(asked).toEqual([{ kind: "pause" }, { kind: "stop", force: true }]);
  });

  test("hears for whom it is asked, and one that is too old to know that is asked without", async () => {
    const by = { kind: "token", name: "ci" } as const;
    const heard: unknown[] = [];
    const server = await openControlServer(folder, (request, wisher) => {
      heard.push([request.kind, wisher]);
      return { ok: true, message: "heard" };
    });
    servers.push(server);
    await askControl(server, { kind: "pause" }, { by });
    await askControl(server, { kind: "pause" });
    expect(heard).toEqual([
      ["pause", by],
      ["pause", undefined],
    ]);
    const lines: string[] = [];
    const older = createServer((socket) => {
      socket.once("data", (line) => {
        lines.push(String(line));
        const isKnown = !("by" in (JSON.parse(String(line)) as object));
        socket.end(`${JSON.stringify({ ok: isKnown, message: isKnown ? "heard" : "this is no request" })}\n`);
      });
    });
    const { address } = server;
    server.close();
    await new Promise<void>((resolve) => older.listen(address, resolve));
    chmodSync(address, 0o600);
    expect(await askControl({ address, token: "t" }, { kind: "pause" }, { by })).toEqual({
      ok: true,
      message: "heard",
    });
    expect(lines.length).toBe(2);
    older.close();
  });

  test("does not hear one with another token, whatever it is", async () => {
    const server = await open();
    const others = ["", server.token.slice(1), `${server.token}0`, server.token.toUpperCase(), "é".repeat(64)];
    for (const token of others) {
      const reply = await askControl({ address: server.address, token }, { kind: "stop", force: true });
      expect(reply).toEqual({ ok: false, message: "the token is not that of this run" });
    }
    expect(asked).toEqual([]);
  });

  test("does not do late what somebody asked for and no longer waits for", async () => {
    const server = await open();
    const answer = await send(server.address, `${lineOf(server, { kind: "stop", force: true }, Date.now() - 1)}\n`);
    expect(JSON.parse(answer)).toEqual({ ok: false, message: "this request came too late" });
    expect(asked).toEqual([]);
  });

  test("outlives an answer that is a bug of ours", async () => {
    const server = await open();
    expect(await askControl(server, { kind: "unpause" })).toEqual({
      ok: false,
      message: "this failed, which is our bug: no such state",
    });
    expect(await askControl(server, { kind: "status" })).toMatchObject({ ok: true });
  });

  test("outlives garbage, half requests and endless ones", async () => {
    const server = await open();
    const whole = `${lineOf(server, { kind: "pause" })}\n`;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const answer = await send(server.address, Buffer.concat([Buffer.from(bytes), Buffer.from("\n")]));
        expect(answer === "" || answer.startsWith(`{"ok":false`)).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(await send(server.address, "x".repeat(largestMessageBytes + 1))).toBe("");
    const half = await connected(server.address);
    half.write(whole.slice(0, 40));
    half.destroy();
    const leaver = await connected(server.address);
    leaver.write(whole, () => leaver.destroy());
    expect(await askControl(server, { kind: "status" })).toMatchObject({ ok: true });
    expect(asked.every(({ kind }) => kind === "status" || kind === "pause")).toBe(true);
  });

  test("takes a request that comes in pieces", async () => {
    const server = await open();
    const socket = await connected(server.address);
    const answer = new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(bytes.toString())));
    for (const character of `${lineOf(server, { kind: "status" })}\n`) socket.write(character);
    expect(JSON.parse(await answer)).toEqual({ ok: true, message: "heard status" });
    socket.destroy();
  });

  test("outlives a thousand connections that say nothing, and answers again when they have gone", async () => {
    const server = await open();
    const silent = await Promise.all(Array.from({ length: 1000 }, () => connected(server.address)));
    for (const socket of silent) socket.destroy();
    let reply = await askControl(server, { kind: "status" });
    // Their going may still be on its way.
    while ("unreachable" in reply) reply = await askControl(server, { kind: "status" });
    expect(reply).toEqual({ ok: true, message: "heard status" });
  });

  test("lets a silent connection go after a while, so that none is held for ever", async () => {
    const server = await open();
    expect(await send(server.address, "{")).toBe("");
  });
});

describe.skipIf(process.platform === "win32")("a supervisor's address", () => {
  test("is a socket for its owner only, and is taken away at the end", async () => {
    const server = await open();
    expect(server.address).toBe(join(folder, "control.sock"));
    expect(statSync(server.address).mode & 0o777).toBe(0o600);
    server.close();
    server.close();
    expect(existsSync(server.address)).toBe(false);
  });

  test("takes the place of one that a killed supervisor left", async () => {
    const first = await open();
    expect((await open()).address).toBe(first.address);
  });

  test("is in a folder of its own where the path would be too long, or others may look in", async () => {
    const deep = join(folder, "d".repeat(60), "e".repeat(60));
    mkdirSync(deep, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o755);
    for (const server of [await open(deep), await open(folder)]) {
      const own = dirname(server.address);
      expect(dirname(own)).toBe(tmpdir());
      expect(statSync(own).mode & 0o777).toBe(0o700);
      expect(await askControl(server, { kind: "status" })).toMatchObject({ ok: true });
      server.close();
      expect(existsSync(own)).toBe(false);
    }
  });

  test("is not trusted where others may have put it there: the token is not even sent", async () => {
    const server = await open();
    const link = join(folder, "elsewhere");
    mkdirSync(link);
    chmodSync(link, 0o700);
    symlinkSync(server.address, join(link, "control.sock"));
    chmodSync(folder, 0o777);
    for (const address of [server.address, join(link, "control.sock"), "relative/control.sock", "/etc/passwd"]) {
      expect(await askControl({ address, token: server.token }, { kind: "pause" })).toMatchObject({
        unreachable: true,
      });
    }
    expect(asked).toEqual([]);
  });

  test("that nobody listens at any more is told as such, in time", async () => {
    const server = await open();
    server.close();
    expect(await askControl(server, { kind: "pause" })).toMatchObject({ unreachable: true });
    removeControlAddress(server.address);
    removeControlAddress("/etc/passwd");
    expect(existsSync("/etc/passwd")).toBe(true);
  });
});

test("on Windows a supervisor's address is a pipe of this machine that nobody can guess, and nothing else is trusted", () => {
  const addresses = [1, 2].map(() => makeControlAddress(folder, "win32"));
  expect(new Set(addresses).size).toBe(2);
  for (const address of addresses) {
    expect(address).toMatch(/^\\\\\.\\pipe\\claude-orchestrator-[0-9a-f]{32}$/);
    // Windows takes 256 characters.
    expect(address.length).toBeLessThan(256);
    expect(whyNotTrusted(address, "win32")).toBeUndefined();
    for (const other of [`${address}0`, address.replace(".", "elsewhere"), address.replace("claude", "c"), folder]) {
      expect(whyNotTrusted(other, "win32")).toBe(`${other} is no pipe of ours`);
    }
    removeControlAddress(address, "win32");
  }
});
