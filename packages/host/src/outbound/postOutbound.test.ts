import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { startReceiver } from "../testing/receiver.ts";
import type { Answering } from "../testing/receiver.ts";
import { maxAnswerBytes, postOutbound } from "./postOutbound.ts";
import type { OutboundAnswer, OutboundPost } from "./postOutbound.ts";
import { RefusedTarget } from "./refusedTarget.ts";
import { resolveTarget } from "./resolveTarget.ts";
import type { DialAddress } from "./resolveTarget.ts";

function post(url: string, changes: Partial<OutboundPost> = {}): Promise<OutboundAnswer> {
  return postOutbound({
    url: new URL(url),
    headers: { "content-type": "application/json" },
    body: "{}",
    allowPrivate: true,
    timeoutMs: 5000,
    ...changes,
  });
}

const ok: Answering = (response) => void response.end("fine");

describe("what must not be dialled", () => {
  test.for([
    "https://127.0.0.1/",
    "https://localhost/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    "https://0.0.0.0/",
  ])("%s is refused", async (url) => {
    await expect(post(url, { allowPrivate: false })).rejects.toThrow(/no public address/);
  });

  test("is never connected to, whatever the name says", async () => {
    await using receiver = await startReceiver(ok);
    const resolve = async (): Promise<readonly DialAddress[]> => [{ address: "127.0.0.1", family: 4 }];
    const refused = post(`https://hooks.example.com:${receiver.port}/`, { allowPrivate: false, resolve });
    await expect(refused).rejects.toThrow(RefusedTarget);
    await expect(refused).rejects.toThrow("hooks.example.com leads to 127.0.0.1, no public address (loopback)");
    expect(receiver.received).toEqual([]);
  });

  test("one private address among public ones refuses the name", async () => {
    const resolve = async (): Promise<readonly DialAddress[]> => [
      { address: "8.8.8.8", family: 4 },
      { address: "fd00::1", family: 6 },
    ];
    const refused = resolveTarget(new URL("https://example.com"), { allowPrivate: false, resolve });
    await expect(refused).rejects.toThrow("fd00::1");
  });

  test("http is spoken to private receivers only where that is allowed", async () => {
    await expect(post("http://8.8.8.8/", { allowPrivate: false })).rejects.toThrow("http:// is not used here");
    await expect(post("ftp://8.8.8.8/")).rejects.toThrow(RefusedTarget);
  });
});

test("a name that means something else a moment later is dialled where it was judged", async () => {
  await using judged = await startReceiver(ok);
  const answers = ["127.0.0.1", "127.0.0.2"];
  let asked = 0;
  const resolve = async (): Promise<readonly DialAddress[]> => [{ address: answers[asked++] ?? "", family: 4 }];
  const answer = await post(`http://rebinding.example:${judged.port}/`, { resolve });
  expect([answer.status, asked, judged.received[0]?.headers.host]).toEqual([
    200,
    1,
    `rebinding.example:${judged.port}`,
  ]);
});

test("a redirect is an answer, not a way", async () => {
  await using goal = await startReceiver(ok);
  await using receiver = await startReceiver((response) => response.writeHead(307, { location: goal.url }).end());
  expect((await post(receiver.url)).status).toBe(307);
  expect(goal.received).toEqual([]);
});

test("of 100 MB hardly more than the bound is read, and the status counts", async () => {
  let written = 0;
  await using receiver = await startReceiver((response) => {
    const chunk = Buffer.alloc(64 * 1024);
    const more = (): void => {
      while (written < 100 * 1024 * 1024 && !response.destroyed) {
        written += chunk.length;
        if (!response.write(chunk)) {
          response.once("drain", more);
          return;
        }
      }
    };
    more();
  });
  const answer = await post(receiver.url);
  expect(answer.status).toBe(200);
  // What the kernel holds on the way is not ours.
  expect(written).toBeLessThan(maxAnswerBytes + 32 * 1024 * 1024);
});

test("one that accepts and says nothing is given up at the deadline", async () => {
  await using receiver = await startReceiver(() => undefined);
  await expect(post(receiver.url, { timeoutMs: 100 })).rejects.toThrow("no answer in time");
});

test("a status whose body drips for ever is an answer at the deadline", async () => {
  await using receiver = await startReceiver((response) => {
    response.writeHead(200);
    void (async () => {
      while (!response.destroyed) {
        response.write(".");
        await wait(10);
      }
    })();
  });
  expect((await post(receiver.url, { timeoutMs: 300 })).status).toBe(200);
});

test("a resolver that never answers is given up at the deadline", async () => {
  const resolve = (): Promise<never> => new Promise(() => undefined);
  await expect(post("http://example.invalid/", { timeoutMs: 50, resolve })).rejects.toThrow("no answer in time");
});

test("nobody there, or giving up, is an error in words", async () => {
  const gone = await startReceiver(ok);
  await gone[Symbol.asyncDispose]();
  await expect(post(gone.url)).rejects.toThrow("ECONNREFUSED");
  await using receiver = await startReceiver(() => undefined);
  const abort = new AbortController();
  const given = post(receiver.url, { signal: abort.signal });
  await receiver.heard(1);
  abort.abort();
  await expect(given).rejects.toThrow("given up");
});
