/**
 * `node scripts/tryProgram.ts`: whether the built program does on this machine, with the Node that runs this, what everybody does first: it says its
 * version, plans a file, runs two instances, serves its page. `--release FOLDER`: the same of what a release has for this machine, its
 * executable and the npm package. Small on purpose: it runs on systems where the test suite does not. Exit code 1 when anything failed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./lib/command.ts";
import { firstSteps, type Newcomer } from "./lib/firstSteps.ts";
import { endByMistakes } from "./lib/mistakes.ts";
import { programsOf } from "./lib/programsOf.ts";
import { countsLine } from "./lib/testCounts.ts";
import { workspaceVersion } from "./lib/workspaceVersion.ts";

process.exitCode = await endByMistakes(async () => {
  const { values } = parseArgs({ options: { release: { type: "string" } } });
  const top = mkdtempSync(path.join(tmpdir(), "orchestrator try "));
  try {
    const programs =
      values.release === undefined
        ? { "the built program": [process.execPath, path.join(root, "dist/cli.mjs")] }
        : programsOf(path.resolve(values.release), top);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const [name, argv] of Object.entries(programs)) {
      const newcomer: Newcomer = { argv, folder: mkdtempSync(path.join(top, "somebody ")) };
      for (const [step, isRight] of Object.entries(firstSteps(workspaceVersion(root)))) {
        const problem = await isRight(newcomer);
        counts[problem === undefined ? "passed" : "failed"] += 1;
        console.log(
          `${problem === undefined ? "ok    " : "failed"} ${name}: ${step}${problem === undefined ? "" : `\n${problem}`}`,
        );
      }
    }
    console.log(countsLine(counts));
    return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
  } finally {
    // What has just ended may hold its files for a moment on Windows.
    rmSync(top, { recursive: true, force: true, maxRetries: 10 });
  }
});
