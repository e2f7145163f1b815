import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pinnedKeyLines } from "@claude-orchestrator/update";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { addressVariable, downloadAddress } from "./downloadAddress.ts";
import { installerText } from "./installerText.ts";

/** The scripts that download, check and place: for every Unix and for Windows. */
export async function makeInstallers(context: ReleaseContext): Promise<readonly Artifact[]> {
  const address = downloadAddress(context, process.env);
  if (address === undefined) {
    context.say(`${addressVariable} is not set: the installers will ask for --base-url or --from`);
  }
  const made: Artifact[] = [];
  for (const name of ["install.sh", "install.ps1"]) {
    const template = readFileSync(path.join(context.root, "packages/release/installers", name), "utf8");
    const file = path.join(context.output, name);
    writeFileSync(file, installerText(template, { ...context, address: address ?? "", keys: pinnedKeyLines() }));
    chmodSync(file, 0o755);
    made.push(await artifactOf(context, file, { kind: "installer" }));
  }
  return made;
}
