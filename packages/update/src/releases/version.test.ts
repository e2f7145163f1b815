import fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions, parseVersion } from "./version.ts";

const inOrder = [
  "no version",
  "0.9.9",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.beta",
  "1.0.0-beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "1.0.1",
  "1.2.0",
  "1.10.0",
  "2.0.0",
];

test("versions are in the order that semver gives them", () => {
  expect(inOrder.toReversed().toSorted(compareVersions)).toEqual(inOrder);
});

test("whatever is compared, one is older, the other newer", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(...inOrder),
    fc.stringMatching(/^\d{1,3}\.\d{1,3}\.\d{1,3}(-[a-z]\.\d)?$/),
  );
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      const sorted = [a, b, c].toSorted(compareVersions);
      expect(compareVersions(sorted[0] ?? "", sorted[2] ?? "")).toBeLessThanOrEqual(0);
    }),
  );
});

test.each(["1", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-", "1.2.3+build", " 1.2.3", "1.2.3\n", "1.2.9999999999"])(
  "%j is no version",
  (text) => expect(parseVersion(text)).toBeUndefined(),
);
