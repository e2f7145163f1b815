import fc from "fast-check";
import { expect, test } from "vitest";
import { endToEnd, forUpstream, tokensIn } from "./headers.ts";

const ofOneConnection = [
  "Connection",
  "Keep-Alive",
  "TE",
  "Trailer",
  "Transfer-Encoding",
  "Upgrade",
  "Proxy-Connection",
];
const credentials = ["Authorization", "X-Api-Key", "x-goog-api-key"];
const spelled = (name: string) => fc.constantFrom(name, name.toLowerCase(), name.toUpperCase());
const name = fc.oneof(
  fc
    .constantFrom(...ofOneConnection, ...credentials, "Host", "Accept", "anthropic-beta", "Content-Type", "X-Mine")
    .chain(spelled),
  fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,8}$/),
);
const value = fc.constantFrom("x-mine", "X-Mine, accept", "close", "gw-token", "Bearer gw-token", "text/plain", "");
const lines = fc.array(fc.tuple(name, value), { maxLength: 12 });

const pairs = (raw: readonly string[]) =>
  raw.flatMap((each, at) => (at % 2 === 0 ? [[each.toLowerCase(), raw[at + 1]] as const] : []));

test("what goes on is every header of the message, in its order, and nothing of one connection", () => {
  fc.assert(
    fc.property(lines, (given) => {
      const named = given
        .filter(([each]) => each.toLowerCase() === "connection")
        .flatMap(([, each]) => each.toLowerCase().split(/\s*,\s*/));
      const dropped = new Set([...ofOneConnection.map((each) => each.toLowerCase()), ...named]);
      expect(pairs(endToEnd(given.flat()))).toEqual(
        given.map(([each, said]) => [each.toLowerCase(), said]).filter(([each = ""]) => !dropped.has(each)),
      );
    }),
    { numRuns: 2000 },
  );
});

test("an API is shown one credential, the real one, and its own host, whatever the agent says", () => {
  fc.assert(
    fc.property(lines, (given) => {
      const sent = pairs(forUpstream(given.flat(), "api.example.com", ["x-api-key", "real"]));
      const shown = sent.filter(([each]) => credentials.some((one) => one.toLowerCase() === each) || each === "host");
      expect(shown).toEqual([
        ["host", "api.example.com"],
        ["x-api-key", "real"],
      ]);
    }),
    { numRuns: 2000 },
  );
});

test("a token is found in each header that may hold one, with and without `Bearer`", () => {
  expect(tokensIn(["AUTHORIZATION", "bearer  a", "x-API-key", " b ", "X-Goog-Api-Key", "c", "X-Api-Key", ""])).toEqual([
    "a",
    "b",
    "c",
  ]);
});
