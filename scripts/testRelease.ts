/**
 * `npm run test:release`: builds the program, makes its forms into a scratch folder, installs each the ways people do, and runs what was
 * installed. `RELEASE_MATRIX=full` also does it as root, with other Nodes and package managers, for other machines, and in a Debian made by
 * debootstrap, which takes ten minutes. Arguments go to vitest. The last line counts the tests; exit code 1 when anything failed.
 */
import { prepareWholeMatrix } from "./lib/releaseTools.ts";
import { testBuilt } from "./lib/testBuilt.ts";

const isWhole = process.env["RELEASE_MATRIX"] === "full";
if (!isWhole)
  console.log("RELEASE_MATRIX=full is not set: root, other Nodes, pnpm, yarn, Debian, arm64 and Windows are skipped");

await testBuilt(["release"], async () =>
  !isWhole || (await prepareWholeMatrix()) === 0 ? undefined : "The tools could not be installed",
);
