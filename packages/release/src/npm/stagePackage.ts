import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { completionsOf, manPagesOf } from "../program/askProgram.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { contentsOf } from "../sbom/contents.ts";
import { sbomFiles } from "../sbom/sbomFiles.ts";
import type { StagedFile } from "../stagedFile.ts";
import { inOrder } from "../stagedFile.ts";
import { libraryTypes } from "./libraryTypes.ts";
import { packageJson } from "./packageJson.ts";

/** What runs; what only bundlers and audits read stays in the clone. */
const programFiles = ["cli.mjs", "library.mjs"];
const programFolders = ["chunks", "web"];

/** The whole content of the published package. */
export function stagePackage(context: ReleaseContext): readonly StagedFile[] {
  const man = manPagesOf(context).map(({ name, text }) => textFile(`man/${name}.1`, text));
  const completions = completionsOf(context).map(({ name, text }) => textFile(`completions/${name}`, text));
  return inOrder([
    ...programOf(context),
    textFile("dist/library.d.mts", libraryTypes(context.root)),
    ...man,
    ...completions,
    textFile("package.json", packageJson(context, { man: man.map((page) => page.path) })),
    textFile("README.md", readFileSync(path.join(context.root, "packages/release/npm/README.md"), "utf8")),
    textFile("LICENSE", readFileSync(path.join(context.root, "LICENSE"), "utf8")),
    ...sbomFiles(contentsOf(context, "npm"), context),
  ]);
}

function programOf({ bundle }: Pick<ReleaseContext, "bundle">): readonly StagedFile[] {
  // Not by patterns: they pass over names with a dot, and the page's list of its own files has one.
  const inFolders = programFolders.flatMap((folder) =>
    readdirSync(path.join(bundle, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      path.join(folder, name),
    ),
  );
  return [...programFiles, ...inFolders]
    .filter((name) => statSync(path.join(bundle, name)).isFile())
    .map((name) => {
      const file = { path: `dist/${name.split(path.sep).join("/")}`, bytes: readFileSync(path.join(bundle, name)) };
      return name === "cli.mjs" ? { ...file, isExecutable: true } : file;
    });
}

function textFile(name: string, text: string): StagedFile {
  return { path: name, bytes: Buffer.from(text) };
}
