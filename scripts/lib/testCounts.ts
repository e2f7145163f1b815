/** How many tests passed, failed and were skipped: the last line that `npm test` and CI print. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The failed tests, and the files that could not be loaded, each with the first lines of why. */
  readonly failures: readonly string[];
}

/** Of the words of one failure so many lines are shown again at the end. */
const linesOfOne = 12;

/**
 * Counts a report of vitest's own JSON reporter. A test file that could not even be loaded counts as one failure, and
 * so does anything else that made vitest end with an error though no test failed: no report at all, an error outside
 * of the tests, a crash.
 */
export function countTests(report: unknown, exitCode: number): TestCounts {
  const passed = numberAt(report, "numPassedTests");
  const skipped = numberAt(report, "numPendingTests") + numberAt(report, "numTodoTests");
  const failed = numberAt(report, "numFailedTests") + filesNotLoaded(report);
  return {
    passed,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped,
    failures: failuresOf(report),
  };
}

/** What a test run says at its end: what failed, once more and together, then the line CI and people look for. */
export function lastWords(counts: TestCounts): string {
  return [...counts.failures.map((failure) => `FAILED ${failure}`), countsLine(counts)].join("\n");
}

/** The line CI and people look for. */
export function countsLine(counts: Omit<TestCounts, "failures">): string {
  const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

function filesNotLoaded(report: unknown): number {
  return listAt(report, "testResults").filter(isNotLoaded).length;
}

function isNotLoaded(file: unknown): boolean {
  return valueAt(file, "status") === "failed" && failedTests(file).length === 0;
}

function failuresOf(report: unknown): readonly string[] {
  return listAt(report, "testResults").flatMap((file) => {
    const name = String(valueAt(file, "name"));
    if (isNotLoaded(file)) return [`${name}\n${firstLines(String(valueAt(file, "message")))}`];
    return failedTests(file).map((test) => {
      const why = listAt(test, "failureMessages").map((message) => firstLines(String(message)));
      return [`${name} > ${String(valueAt(test, "fullName"))}`, ...why].join("\n");
    });
  });
}

function failedTests(file: unknown): readonly unknown[] {
  return listAt(file, "assertionResults").filter((test) => valueAt(test, "status") === "failed");
}

function firstLines(text: string): string {
  const lines = text.split("\n", linesOfOne).map((line) => `  ${line}`);
  return lines.join("\n");
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = valueAt(value, key);
  return Array.isArray(found) ? found : [];
}

function numberAt(value: unknown, key: string): number {
  const found = valueAt(value, key);
  return typeof found === "number" ? found : 0;
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
