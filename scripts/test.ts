/**
 * `npm test`: builds the program, then runs every unit and end-to-end test, those of the page in a browser. Arguments go to vitest (a part of a file
 * name, `-t title`). The last line counts the tests; exit code 1 when anything failed.
 */
import { showTool } from "./lib/command.ts";
import { runTests } from "./lib/runTests.ts";
import { lastWords } from "./lib/testCounts.ts";

const built = await showTool("node", ["scripts/build.ts"]);
if (built !== 0) console.error("The program could not be built, so nothing was tested");
const counts =
  built === 0
    ? await runTests(["unit", "e2e", "web"], process.argv.slice(2))
    : { passed: 0, failed: 1, skipped: 0, failures: [] };
console.log(lastWords(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
