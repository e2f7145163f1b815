/**
 * `npm run release -- --dry-run`: builds the program, makes every form of it into dist/release, and a manifest of them; publishes
 * nothing. `--only FORM` makes one (may be given several times), `--output FOLDER` puts them elsewhere, `--no-build` takes dist/ as it is.
 * `--for-upload` makes it as it is uploaded: without folders, and without updates where there is no key for them.
 * A whole release is audited at its end, by the registry or, with `--advisories FOLDER`, without a network; exit code 1 where something
 * known is not explained. Not with `--no-audit`, nor for an upload, which is audited apart (`npm run release:audit`).
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import { formNames, makeReleaseContext, release, type Artifact } from "@claude-orchestrator/release";
import { root, showTool } from "./lib/command.ts";
import { endByMistakes, exitCodeOfMistake } from "./lib/mistakes.ts";

process.exitCode = await endByMistakes(main);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      "dry-run": { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      output: { type: "string", default: path.join(root, "dist/release") },
      "no-build": { type: "boolean", default: false },
      "for-upload": { type: "boolean", default: false },
      "no-audit": { type: "boolean", default: false },
      advisories: { type: "string" },
    },
  });
  if (!values["dry-run"]) {
    throw new UserError(
      "usage",
      "Only `--dry-run` can be done from here: what is published is published by the release workflow",
      {
        hint: `npm run release -- --dry-run${values.only.map((form) => ` --only ${form}`).join("")} (forms: ${formNames.join(", ")})`,
      },
    );
  }
  if (!values["no-build"] && (await showTool("node", ["scripts/build.ts"])) !== 0) return 1;
  const output = path.resolve(values.output);
  const context = makeReleaseContext({
    root,
    bundle: path.join(root, "dist"),
    output,
    env: process.env,
    say: (line) => console.log(line),
  });
  const artifacts = await release(context, values.only, { isForUpload: values["for-upload"] });
  for (const artifact of artifacts) console.log(artifactLine(artifact));
  console.log(`${artifacts.length} artifacts of ${context.version} in ${output}; nothing was published`);
  const isWhole = values.only.length === 0 && !values["for-upload"];
  return isWhole && !values["no-audit"] ? audit(values.advisories) : 0;
}

/** Where nobody can be asked the release stands as it is, and it is said. */
async function audit(advisories: string | undefined): Promise<number> {
  const exitCode = await showTool("node", [
    "scripts/audit.ts",
    ...(advisories === undefined ? [] : ["--advisories", path.resolve(advisories)]),
  ]);
  if (exitCode !== exitCodeOfMistake || advisories !== undefined) return exitCode;
  console.log(
    "note: what is known against it could not be asked for, so this release is not audited: `npm run release:audit`",
  );
  return 0;
}

function artifactLine({ sha256, size, path: name }: Artifact): string {
  return `${sha256}  ${(size / 1e6).toFixed(2).padStart(7)} MB  ${name}`;
}
