import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createGatewayRig } from "./testing/rig.ts";
import type { GatewayRig } from "./testing/rig.ts";

const whole = JSON.stringify({
  model: "claude-haiku-5-5",
  max_tokens: 10,
  messages: [{ role: "user", content: "hi" }],
});

/** Sends bytes as they are, one piece after the other, and gives all that comes back until the connection is closed. */
async function send(rig: GatewayRig, pieces: readonly string[], end: "waits" | "goes" = "waits"): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const socket = connect({ port: rig.gateway.port, host: "127.0.0.1", noDelay: true });
  socket.on("data", (bytes) => (text += bytes.toString("latin1"))).on("close", () => resolve(text));
  socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? resolve(text) : reject(error)));
  for (const piece of pieces) await new Promise((done) => socket.write(Buffer.from(piece, "latin1"), done));
  if (end === "goes") socket.destroy();
  return promise;
}

const head = (rig: GatewayRig, ...lines: readonly string[]): string =>
  [
    "POST /anthropic/v1/messages HTTP/1.1",
    "Host: x",
    `X-Api-Key: ${rig.passes.anthropic.token}`,
    ...lines,
    "",
    "",
  ].join("\r\n");

describe("a request that is not what it says", () => {
  test("is never sent where it ends before its length", async () => {
    await using rig = await createGatewayRig("text");
    await send(rig, [head(rig, "Content-Length: 9999"), whole], "goes");
    await (await rig.ask("anthropic", "/v1/messages", { method: "POST", body: whole })).text();
    expect([rig.desk.asked.length, rig.api.requests().length]).toEqual([1, 1]);
  });

  test("is cut at its length, and what stands behind it is a request of its own, by nobody", async () => {
    await using rig = await createGatewayRig("text");
    const said = await send(rig, [
      head(rig, `Content-Length: ${whole.length}`),
      `${whole}POST /anthropic/v1/mess`,
      "\r\n\r\n",
    ]);
    expect(said).toContain("HTTP/1.1 403");
    expect(rig.api.requests().map(({ body }) => body)).toEqual([whole]);
  });

  test.each([
    ["has two lengths", ["Content-Length: 5", "Content-Length: 6"]],
    ["has a length and comes in chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"]],
    ["has a length that is none", ["Content-Length: -5"]],
  ])("is refused before anything is read where it %s", async (_, lines) => {
    await using rig = await createGatewayRig("text");
    expect(await send(rig, [head(rig, ...lines), "0\r\n\r\n"])).toContain("HTTP/1.1 400");
    expect([rig.desk.asked, rig.api.requests()]).toEqual([[], []]);
  });

  test("costs nothing where a chunk is none", async () => {
    await using rig = await createGatewayRig("text");
    await send(rig, [head(rig, "Transfer-Encoding: chunked"), '5\r\n{"a":', "\r\nzz\r\n"]);
    expect([rig.desk.asked, rig.api.requests()]).toEqual([[], []]);
  });

  test("comes byte by byte and goes on as it is", async () => {
    await using rig = await createGatewayRig("text");
    const chunks = (whole.match(/./g) ?? []).map((letter) => `1\r\n${letter}\r\n`);
    const said = await send(rig, [
      head(rig, "Transfer-Encoding: chunked", "Connection: close"),
      ...chunks,
      "0\r\n\r\n",
    ]);
    expect([said.startsWith("HTTP/1.1 200"), rig.api.requests()[0]?.body]).toEqual([true, whole]);
  });
});

describe("a body that cannot be unpacked", () => {
  test.each([
    ["by a packing nobody knows", "rot13", Buffer.from(whole)],
    ["because it is broken", "gzip", Buffer.from(whole)],
    ["because it is a bomb", "gzip", gzipSync(Buffer.alloc(65 * 1024 * 1024, " "))],
  ])("%s is taken to be the longest prompt there is, however short it looks", async (_, encoding, body) => {
    await using rig = await createGatewayRig("text");
    rig.desk.answer = () => ({ is: "refused", reason: "no room" });
    const reply = await rig.ask("anthropic", "/v1/messages", {
      method: "POST",
      body,
      headers: { "content-encoding": encoding },
    });
    expect([reply.status, rig.desk.asked[0]?.worst.tokens]).toEqual([402, 1_128_000]);
  });
});

test("one connection of an agent carries request after request, refused and answered", async () => {
  await using rig = await createGatewayRig("text");
  rig.desk.answer = ({ worst }, request) =>
    worst.tokens > 100_000 ? { is: "refused", reason: "no room" } : { is: "granted", request };
  const large = JSON.stringify({ model: "claude-haiku-5-5", max_tokens: 128_000, messages: [] });
  const asked = [whole, large, whole].map((body, at) => {
    const last = at === 2 ? ["Connection: close"] : [];
    return `${head(rig, `Content-Length: ${body.length}`, ...last)}${body}`;
  });
  const said = await send(rig, asked);
  expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 402", "HTTP/1.1 200"]);
});
