import { expect, test } from "vitest";
import { isAllowedLicence } from "./allowedLicences.ts";

test.each([
  ["MIT", true],
  ["(MIT OR GPL-3.0-only)", true],
  ["GPL-3.0-only OR MIT", true],
  ["MIT AND Apache-2.0", true],
  ["MIT AND GPL-3.0-only", false],
  ["(MIT AND GPL-3.0-only) OR ISC", true],
  ["MIT AND (GPL-3.0-only OR ISC)", true],
  ["GPL-3.0-only AND MIT OR AGPL-3.0-only", false],
  ["SEE LICENSE IN LICENSE", false],
  ["UNLICENSED", false],
  ["MIT OR", false],
  ["ISC OR (MIT", false],
  ["MIT OR OR", false],
  ["MIT MIT", false],
  ["(MIT", false],
  ["Apache-2.0 WITH LLVM-exception", false],
  ["", false],
])("`%s` may be shipped: %s", (expression, isAllowed) => {
  expect(isAllowedLicence(expression)).toBe(isAllowed);
});
