/**
 * `npm run test:release`: builds the program, makes its forms into a scratch folder, installs each the ways people do, and runs what was
 * installed. `RELEASE_MATRIX=full` also does it as root, with other Nodes and package managers, for other machines, and in a Debian made by
 * debootstrap, which takes ten minutes. Arguments go to vitest. The last line counts the tests; exit code 1 when anything failed.
 */
import { showTool } from "./lib/command.ts";
import { prepareWholeMatrix } from "./lib/releaseTools.ts";
import { runTests } from "./lib/runTests.ts";
import { lastWords } from "./lib/testCounts.ts";

const isWhole = process.env["RELEASE_MATRIX"] === "full";
if (!isWhole)
  console.log("RELEASE_MATRIX=full is not set: root, other Nodes, pnpm, yarn, Debian, arm64 and Windows are skipped");
const failure =
  isWhole && (await prepareWholeMatrix()) !== 0 ? "The tools could not be installed" : await buildFailure();
if (failure !== undefined) console.error(`${failure}, so nothing was tested`);
const counts =
  failure === undefined
    ? await runTests(["release"], process.argv.slice(2))
    : { passed: 0, failed: 1, skipped: 0, failures: [] };
console.log(lastWords(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

async function buildFailure(): Promise<string | undefined> {
  return (await showTool("node", ["scripts/build.ts"])) === 0 ? undefined : "The program could not be built";
}
