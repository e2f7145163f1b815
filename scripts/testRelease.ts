/**
 * `npm run test:release`: builds the program, makes its forms into a scratch folder, installs each the ways people do, and runs what was
 * installed. `RELEASE_MATRIX=full` also tries what takes minutes. Arguments go to vitest. The last line counts the tests; exit code 1
 * when anything failed.
 */
import { showTool } from "./lib/command.ts";
import { runTests } from "./lib/runTests.ts";
import { countsLine } from "./lib/testCounts.ts";

const built = await showTool("node", ["scripts/build.ts"]);
if (built !== 0) console.error("The program could not be built, so nothing was tested");
const counts = built === 0 ? await runTests(["release"], process.argv.slice(2)) : { passed: 0, failed: 1, skipped: 0 };
console.log(countsLine(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
