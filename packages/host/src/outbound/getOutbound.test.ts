import { describe, expect, test } from "vitest";
import { startReceiver } from "../testing/receiver.ts";
import type { Answering } from "../testing/receiver.ts";
import { getOutbound } from "./getOutbound.ts";
import type { OutboundGet } from "./getOutbound.ts";
import { RefusedTarget } from "./refusedTarget.ts";

/** Asks, and reads to the end. */
async function get(url: string, changes: Partial<OutboundGet> = {}): Promise<readonly [status: number, text: string]> {
  const asked = { url: new URL(url), allowPrivate: true, timeoutMs: 20_000, maxBytes: 1000, ...changes };
  const { status, body } = await getOutbound(asked);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return [status, Buffer.concat(chunks).toString()];
}

async function getFrom(answer: Answering, changes: Partial<OutboundGet> = {}): Promise<readonly [number, string]> {
  await using receiver = await startReceiver(answer);
  return await get(receiver.url, changes);
}

test("a file comes whole, with its status", async () => {
  expect(await getFrom((response) => void response.end("a file"))).toEqual([200, "a file"]);
  expect(await getFrom((response) => void response.writeHead(404).end("none"))).toEqual([404, "none"]);
});

test("a redirect is an answer, and is not followed", async () => {
  const elsewhere = { location: "http://127.0.0.1:1/" };
  expect(await getFrom((response) => void response.writeHead(302, elsewhere).end())).toEqual([302, ""]);
});

test("an address of this machine is dialled only where that is allowed", async () => {
  await expect(get("https://127.0.0.1/", { allowPrivate: false })).rejects.toThrow(RefusedTarget);
  await expect(get("http://8.8.8.8/", { allowPrivate: false })).rejects.toThrow("http:// is not used here");
});

describe("a body is an error", () => {
  test("that says it is too long, before a byte of it is read", async () => {
    const answer: Answering = (response) => {
      response.writeHead(200, { "content-length": "5000" }).flushHeaders();
    };
    await expect(getFrom(answer)).rejects.toThrow("it is longer than 1000 bytes");
  });

  test("that has no end", async () => {
    const answer: Answering = (response) => {
      const more = (): void => {
        while (response.writable && response.write("x".repeat(400)));
      };
      response.on("drain", more);
      more();
    };
    await expect(getFrom(answer)).rejects.toThrow("it is longer than 1000 bytes");
  });

  test("that is cut off", async () => {
    const answer: Answering = (response) => {
      response.writeHead(200, { "content-length": "10" }).write("half");
      response.destroy();
    };
    await expect(getFrom(answer)).rejects.toThrow();
  });

  test("that does not come in time, however much of it has", async () => {
    const answer: Answering = (response) => void response.writeHead(200).write("slowly");
    await expect(getFrom(answer, { timeoutMs: 300 })).rejects.toThrow("it did not come whole in time");
  });
});

test("who gives up has given up", async () => {
  const signal = AbortSignal.abort();
  await expect(getFrom(() => undefined, { signal })).rejects.toThrow("given up");
});
