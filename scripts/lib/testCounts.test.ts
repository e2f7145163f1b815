import { describe, expect, test } from "vitest";
import { countsLine, countTests } from "./testCounts.ts";

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };

test("a good report is counted as it says", () => {
  expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
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
    expect(countTests(undefined, 139)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

test("the line names skipped tests only where there are some", () => {
  expect(countsLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(countsLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
});
