/**
 * `npm run release:rebuild -- SHA256SUMS`: makes the release of this commit again, in a clean clone with the lockfile's packages, and
 * says of each file that SHA256SUMS lists whether it is the same byte for byte; exit code 1 where one is not. `--only FORM` makes one form
 * (may be given several times), `--keep FOLDER` clones to there and leaves it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import { compareRelease, type Comparison } from "@claude-orchestrator/release";
import { root } from "./lib/command.ts";
import { endByMistakes } from "./lib/mistakes.ts";
import { readReleasedSums } from "./lib/releasedSums.ts";

process.exitCode = await endByMistakes(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: "string", multiple: true, default: [] }, keep: { type: "string" } },
  });
  const sums = readSums(positionals);
  const scratch = mkdtempSync(path.join(tmpdir(), "claude-orchestrator rebuild-"));
  try {
    const clone = path.resolve(values.keep ?? path.join(scratch, "clone"));
    // Where a release is uploaded to there are no folders.
    const purpose = /^.* [ *].*\//m.test(sums) ? [] : ["--for-upload"];
    if (!rebuild(clone, [...purpose, ...values.only.flatMap((form) => ["--only", form])])) return 1;
    const isPart = values.only.length > 0;
    // The manifest of a part of a release is another one.
    const wanted = isPart ? sums.replace(/^.* [ *]manifest\.json\n/m, "") : sums;
    return tell(compareRelease(wanted, path.join(clone, "dist/release")), isPart);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
});

function readSums(files: readonly string[]): string {
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new UserError("usage", "One file of sums is needed", {
      hint: "npm run release:rebuild -- SHA256SUMS, with the file that lies beside the release",
    });
  }
  const head = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).stdout.trim();
  return readReleasedSums(file, head);
}

/** What is not committed is in no clone. */
function rebuild(clone: string, flags: readonly string[]): boolean {
  const entry = process.env["npm_execpath"];
  const npm = entry === undefined ? ["npm"] : [process.execPath, entry];
  return (
    run(root, ["git", "clone", "--quiet", "--no-hardlinks", root, clone]) &&
    run(clone, [...npm, "ci", "--prefer-offline", "--no-audit", "--no-fund"]) &&
    run(clone, [...npm, "run", "--silent", "release", "--", "--dry-run", "--no-audit", ...flags])
  );
}

function run(cwd: string, [command = "", ...words]: readonly string[]): boolean {
  const { status, error } = spawnSync(command, words, { cwd, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) console.error(`${[path.basename(command), ...words].join(" ")} ended with ${status}`);
  return status === 0;
}

/** @param isPart whether files were left out on purpose */
function tell({ identical, different, absent, signatures }: Comparison, isPart: boolean): number {
  for (const name of identical) console.log(`the same         ${name}`);
  for (const name of different) console.log(`DIFFERENT        ${name}`);
  for (const name of absent) console.log(`not made here    ${name}`);
  for (const name of signatures) console.log(`a signature      ${name} (verify it; only its key can make it)`);
  console.log(
    `${identical.length} the same byte for byte, ${different.length} different, ${absent.length} not made here, ${signatures.length} signatures`,
  );
  if (different.length > 0) console.log("An executable signed for Windows or macOS differs by its signature alone");
  return different.length === 0 && (isPart || absent.length === 0) ? 0 : 1;
}
