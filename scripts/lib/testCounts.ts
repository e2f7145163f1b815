/** How many tests passed, failed and were skipped: the last line that `npm test` and CI print. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts a report of vitest's own JSON reporter. A test file that could not even be loaded counts as one failure, and
 * so does anything else that made vitest end with an error though no test failed: no report at all, an error outside
 * of the tests, a crash.
 */
export function countTests(report: unknown, exitCode: number): TestCounts {
  const passed = numberAt(report, "numPassedTests");
  const skipped = numberAt(report, "numPendingTests") + numberAt(report, "numTodoTests");
  const failed = numberAt(report, "numFailedTests") + filesNotLoaded(report);
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}

/** The line CI and people look for. */
export function countsLine(counts: TestCounts): string {
  const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

function filesNotLoaded(report: unknown): number {
  const files = valueAt(report, "testResults");
  if (!Array.isArray(files)) return 0;
  return files.filter((file: unknown) => {
    const tests = valueAt(file, "assertionResults");
    const told = Array.isArray(tests) && tests.some((test: unknown) => valueAt(test, "status") === "failed");
    return valueAt(file, "status") === "failed" && !told;
  }).length;
}

function numberAt(value: unknown, key: string): number {
  const found = valueAt(value, key);
  return typeof found === "number" ? found : 0;
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
