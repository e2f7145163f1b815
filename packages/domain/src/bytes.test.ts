import { describe, expect, test } from "vitest";
import { formatBytes, parseBytes } from "./bytes.ts";

describe("amounts of disk", () => {
  test.each([
    [500, 500],
    ["500", 500],
    ["2GB", 2e9],
    ["2 gb", 2e9],
    ["1.5GiB", 1.5 * 2 ** 30],
    ["10k", 10_000],
    ["0.5 MiB", 2 ** 19],
  ])("%s is %d bytes", (written, bytes) => expect(parseBytes(written)).toBe(bytes));

  test.each([0, -1, "", "0", "0GB", "0.0", "many", "1XB", "1 G iB", "-2GB", "1e9"])("%s is no amount", (written) =>
    expect(parseBytes(written)).toBeUndefined(),
  );

  test("are shown with one decimal and the unit that fits", () => {
    expect([0, 999, 1500, 999_960, 1_234_567, 2 ** 30, 3e12].map((bytes) => formatBytes(bytes))).toEqual([
      "0 B",
      "999 B",
      "1.5 kB",
      "1.0 MB",
      "1.2 MB",
      "1.1 GB",
      "3.0 TB",
    ]);
  });
});
