/**
 * `npm run test:install`: builds the program, makes every form of it, installs each in a place where nothing of ours ever was, tries it,
 * takes it away, and prints how many of the ways work. `RELEASE_MATRIX=full` also does it as root, with other Nodes and package managers,
 * and in a Debian made by debootstrap. What cannot be done on this machine is skipped, and said.
 */
import { showTool } from "./lib/command.ts";
import { prepareWholeMatrix } from "./lib/releaseTools.ts";
import { runTests } from "./lib/runTests.ts";

const ways = ["installMatrix", "npmInstall", "npmManagers"];
const isWhole = process.env["RELEASE_MATRIX"] === "full";

process.exitCode = await main();

async function main(): Promise<number> {
  if (!isWhole) console.log("RELEASE_MATRIX=full is not set: root, other Nodes, pnpm, yarn and Debian are skipped");
  if (isWhole && (await prepareWholeMatrix()) !== 0) return failed("The tools could not be installed");
  if ((await showTool("node", ["scripts/build.ts"])) !== 0) return failed("The program could not be built");
  const { passed, failed: broken, skipped } = await runTests(["release"], ways);
  const percentage = passed + broken === 0 ? 0 : (100 * passed) / (passed + broken);
  console.log(
    `install matrix: ${passed} of ${passed + broken} ways work (${percentage.toFixed(1)} %), ${skipped} skipped`,
  );
  return broken === 0 && passed > 0 ? 0 : 1;
}

function failed(why: string): number {
  console.error(`${why}, so nothing was tested`);
  return 1;
}
