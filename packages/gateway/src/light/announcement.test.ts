import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { announcementOf } from "./announcement.ts";
import { durationOf, untilThen } from "./moments.ts";

const now = Date.UTC(2026, 10, 25, 14, 2, 0);

describe("when an API may be asked again", () => {
  test.each([
    ["seconds", { "retry-after": "7" }, 7000],
    [
      "an HTTP date, by the API's own clock",
      { "retry-after": "Wed, 25 Nov 2026 15:02:10 GMT", date: "Wed, 25 Nov 2026 15:02:00 GMT" },
      10_000,
    ],
    ["milliseconds, which are more exact than seconds", { "retry-after-ms": "1234", "retry-after": "2" }, 1234],
    ["nothing", {}, undefined],
    ["nonsense", { "retry-after": "soon" }, undefined],
    ["a moment that is over", { "retry-after": "Wed, 25 Nov 2026 14:01:00 GMT" }, 0],
  ])("is read from %s", (_, headers, againInMs) => {
    expect(announcementOf(429, headers, now)).toEqual({
      is: "limited",
      quotas: [],
      ...(againInMs === undefined ? {} : { againInMs }),
    });
  });

  test("is read from the body where Google says it there", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" }];
    expect(announcementOf(429, {}, now, { error: { code: 429, details } }).againInMs).toBe(34_070);
  });

  test("is of no use after a spent usage window, without credit, or where the API forbids to ask again", () => {
    const rejected = announcementOf(
      429,
      { "anthropic-ratelimit-unified-status": "rejected", "retry-after": "60" },
      now,
    );
    const forbidden = announcementOf(429, { "x-should-retry": "false" }, now);
    const poor = announcementOf(429, {}, now, { error: { code: "insufficient_quota" } });
    expect([rejected, forbidden, poor].map(({ is }) => is)).toEqual(["final", "final", "final"]);
  });

  test("is told apart from an overload, and from answers that no limit was in the way of", () => {
    expect([529, 503, 500, 400, 200].map((status) => announcementOf(status, {}, now).is)).toEqual([
      "overloaded",
      "overloaded",
      "accepted",
      "accepted",
      "accepted",
    ]);
  });
});

describe("what is left of a limit", () => {
  test("is read in Anthropic's words", () => {
    const headers = {
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "49",
      "anthropic-ratelimit-requests-reset": "2026-11-25T14:02:01Z",
      "anthropic-ratelimit-input-tokens-limit": "40000",
      "anthropic-ratelimit-input-tokens-remaining": "0",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-25T14:03:00Z",
    };
    expect(announcementOf(200, headers, now).quotas).toEqual([
      { of: "requests", limit: 50, remaining: 49, fullInMs: 1000 },
      { of: "input-tokens", limit: 40_000, remaining: 0, fullInMs: 60_000 },
    ]);
  });

  test("is read in OpenAI's words", () => {
    const headers = {
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "20ms",
      "x-ratelimit-limit-tokens": "150000",
      "x-ratelimit-remaining-tokens": "149984",
      "x-ratelimit-reset-tokens": "6m0s",
    };
    expect(announcementOf(200, headers, now).quotas).toEqual([
      { of: "requests", limit: 60, remaining: 59, fullInMs: 20 },
      { of: "tokens", limit: 150_000, remaining: 149_984, fullInMs: 360_000 },
    ]);
  });

  test("is not known where half of it is not said", () => {
    expect(announcementOf(200, { "x-ratelimit-remaining-requests": "5" }, now).quotas).toEqual([]);
  });
});

test("a length of time is read as it was written, and no other text is one", () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(59), fc.nat(59), fc.nat(999), (h, m, s, ms) => {
      expect(durationOf(`${h}h${m}m${s}s${ms}ms`)).toBe(((h * 60 + m) * 60 + s) * 1000 + ms);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const length = untilThen(text, now);
      expect(length === undefined || length >= 0).toBe(true);
    }),
  );
  expect(["", "1", "1.5", "s", "1x", "-1s", "1s "].map(durationOf)).toEqual([
    undefined,
    1000,
    1500,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
