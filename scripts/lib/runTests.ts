import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { showTool } from "./command.ts";
import { countTests, type TestCounts } from "./testCounts.ts";

/** Runs the named vitest projects in one vitest process on this terminal, and counts. `more` is handed to vitest as it is. */
export async function runTests(projects: readonly string[], more: readonly string[] = []): Promise<TestCounts> {
  const directory = mkdtempSync(path.join(tmpdir(), "claude-orchestrator-tests-"));
  const reportFile = path.join(directory, "report.json");
  try {
    const exitCode = await showTool("vitest", [
      "run",
      ...projects.map((project) => `--project=${project}`),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportFile}`,
      ...more,
    ]);
    return countTests(readReport(reportFile), exitCode);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The report, or nothing where vitest ended before it could write one whole. */
function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
