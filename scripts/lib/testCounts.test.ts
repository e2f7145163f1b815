import { describe, expect, test } from "vitest";
import { countTests, lastWords } from "./testCounts.ts";

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };

test("a good report is counted as it says", () => {
  expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 2, failures: [] });
});

test("a file that could not be loaded is one failure", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "failed", assertionResults: [{ status: "failed" }] },
    { status: "passed", assertionResults: [{ status: "passed" }] },
  ];
  expect(countTests({ ...report, numFailedTests: 1, testResults }, 1).failed).toBe(2);
});

describe("an end with an error and no failed test", () => {
  test("is one failure with a report", () => expect(countTests(report, 1).failed).toBe(1));
  test("is one failure without a report", () => {
    expect(countTests(undefined, 139)).toEqual({ passed: 0, failed: 1, skipped: 0, failures: [] });
  });
});

test("the last words name each failure with the beginning of why, then count; skipped tests only where there are some", () => {
  expect(lastWords({ passed: 3, failed: 0, skipped: 0, failures: [] })).toBe("3 passed, 0 failed");
  const why = Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n");
  const testResults = [
    { name: "a.test.ts", status: "failed", message: "no such module", assertionResults: [] },
    {
      name: "b.test.ts",
      status: "failed",
      assertionResults: [
        { status: "passed", fullName: "goes well", failureMessages: [] },
        { status: "failed", fullName: "goes wrong", failureMessages: [why] },
      ],
    },
  ];
  const words = lastWords(countTests({ ...report, numFailedTests: 1, testResults }, 1)).split("\n");
  expect(words.slice(0, 4)).toEqual([
    "FAILED a.test.ts",
    "  no such module",
    "FAILED b.test.ts > goes wrong",
    "  line 0",
  ]);
  expect(words.length).toBeLessThan(20);
  expect(words.at(-1)).toBe("5 passed, 2 failed, 2 skipped");
});
