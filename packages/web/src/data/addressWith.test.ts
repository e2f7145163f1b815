import { expect, test } from "vitest";
import { addressWith } from "./addressWith.ts";

test("values are set, left out and kept, whatever is in them", () => {
  expect(
    addressWith("/runs/run_a", "tab=log&line=4&find=a%26b", { tab: undefined, line: 12, instance: "test (n=1)" }),
  ).toBe("/runs/run_a?line=12&find=a%26b&instance=test+%28n%3D1%29");
});

test("an address without a query has no question mark", () => {
  expect(addressWith("/runs/run_a", "tab=log", { tab: "" })).toBe("/runs/run_a");
});
