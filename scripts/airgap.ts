/**
 * `node scripts/airgap.ts`: packs dist/release, which `npm run release -- --dry-run` has made, into the one file that is carried to machines
 * without a network. `--release FOLDER` takes another release, `--output FOLDER` (dist/airgap) is where it goes.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { packRelease } from "@claude-orchestrator/release";
import { root } from "./lib/command.ts";
import { endByMistakes } from "./lib/mistakes.ts";

process.exitCode = await endByMistakes(async () => {
  const { values } = parseArgs({
    options: {
      release: { type: "string", default: path.join(root, "dist/release") },
      output: { type: "string", default: path.join(root, "dist/airgap") },
    },
  });
  const packed = packRelease(path.resolve(values.release), path.resolve(values.output));
  console.log(`${packed.sha256}  ${(packed.size / 1e6).toFixed(2)} MB  ${packed.file} (${packed.files} files)`);
  if (!packed.isSigned) console.error("warning: this release is not signed, so nobody can tell whose it is");
  return 0;
});
