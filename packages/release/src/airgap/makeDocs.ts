import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { priceCatalogue } from "@claude-orchestrator/domain";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import type { StagedFile } from "../stagedFile.ts";
import { makeTarGz } from "../tar/makeTarGz.ts";
import { verifyText } from "./verifyText.ts";

/** What the Markdown leads to comes along: who reads it there has nothing else. */
const singleFiles = [
  "README.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "STYLE.md",
  "LICENSE",
  "bench/README.md",
  "bench/RESULTS.md",
  "changelog/README.md",
  "docs/openapi.json",
  "docs/openapi.released.json",
  "docs/screenshots/run-timeline-1440-light.png",
  "examples/quickstart.yaml",
];

/** What somebody without a network reads: the guide as it stands, the prices the program counts with, and how to verify the rest. */
export async function makeDocs(context: ReleaseContext): Promise<readonly Artifact[]> {
  const { root, output, version, sourceDateEpoch } = context;
  const top = `claude-orchestrator-${version}-docs`;
  const prices = `${JSON.stringify(priceCatalogue, undefined, 2)}\n`;
  const files: readonly StagedFile[] = [
    ...markdownIn(root, "docs"),
    ...singleFiles.filter((name) => existsSync(path.join(root, name))).map((name) => fileOf(root, name)),
    { path: "prices.json", bytes: Buffer.from(prices) },
  ];
  const archive = path.join(output, `${top}.tar.gz`);
  const inFolder = files.map((each) => ({ ...each, path: `${top}/${each.path}` }));
  writeFileSync(archive, makeTarGz(inFolder, sourceDateEpoch));
  const instructions = path.join(output, "VERIFY.txt");
  writeFileSync(instructions, verifyText(version));
  return [
    await artifactOf(context, archive, { kind: "airgap" }),
    await artifactOf(context, instructions, { kind: "airgap" }),
  ];
}

function markdownIn(root: string, folder: string): readonly StagedFile[] {
  const names = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".md"))
    .map((name) => fileOf(root, path.join(folder, name).split(path.sep).join("/")));
}

function fileOf(root: string, name: string): StagedFile {
  return { path: name, bytes: readFileSync(path.join(root, name)) };
}
