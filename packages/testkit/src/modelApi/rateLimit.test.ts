import { describe, expect, test } from "vitest";
import { startModelApi } from "./server.ts";
import { messagesBody, post } from "./testing/client.ts";

describe("a rate limit of the stand-in", () => {
  test("takes so many requests in a window, tells the others when it ends, and counts who does not listen", async () => {
    let now = 1_000_000;
    const rateLimit = { window: { requests: 2, ms: 5000 } };
    await using api = await startModelApi({ rateLimit, now: () => now });
    const ask = async () => post(`${api.url}/v1/messages`, messagesBody("hi"));
    const replies = [await ask(), await ask(), await ask(), await ask()];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(replies[2]?.headers.get("retry-after")).toBe("5");
    now += 5000;
    expect((await ask()).status).toBe(200);
    expect(api.rateLimitCounts()).toMatchObject({ refused: 2, tooEarly: 1 });
  });

  test("answers so many at the same time, and takes the next when one is over", async () => {
    await using api = await startModelApi({ rateLimit: { concurrent: 1 }, scenario: "hold" });
    const ask = async () => post(`${api.url}/v1/messages`, messagesBody("hi"));
    const first = ask();
    await api.waitFor(({ outcome }) => outcome === "waiting");
    expect((await ask()).status).toBe(429);
    api.release();
    expect([(await first).status, (await ask()).status]).toEqual([200, 200]);
    expect(api.rateLimitCounts()).toEqual({ refused: 1, tooEarly: 0, most: 1 });
  });

  test("is not there for what asks no model, and a refused request is no try of its scenario", async () => {
    let now = 1_000_000;
    const rateLimit = { window: { requests: 1, ms: 1000 } };
    await using api = await startModelApi({ rateLimit, now: () => now, scenario: "529-once" });
    const ask = async () => (await post(`${api.url}/v1/messages`, messagesBody("hi"))).status;
    const statuses = [await ask(), await ask(), (await fetch(`${api.url}/v1/models`)).status];
    for (let at = 0; at < 2; at += 1) {
      now += 1000;
      statuses.push(await ask());
    }
    expect(statuses).toEqual([529, 429, 200, 529, 200]);
  });
});
