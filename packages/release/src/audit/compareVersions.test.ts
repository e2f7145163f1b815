import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions } from "./compareVersions.ts";

/** The order that semver.org gives as its example, and a few more. */
const inOrder = [
  "0.9.10",
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
  "2.0.0-0",
  "2.0.0",
];

test("versions stand in the order of semver, whichever two are compared", () => {
  const place = fc.nat(inOrder.length - 1);
  fc.assert(
    fc.property(place, place, (a, b) => {
      expect(Math.sign(compareVersions(inOrder[a] ?? "", inOrder[b] ?? ""))).toBe(Math.sign(a - b));
    }),
  );
});

test("what a version was built of changes nothing", () => {
  expect(compareVersions("1.0.0+build.1", "1.0.0+build.2")).toBe(0);
  expect(compareVersions("v1.0.0", "1.0.0")).toBe(0);
});
