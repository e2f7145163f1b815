import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pinnedKeyLines, releaseKeyLines } from "@claude-orchestrator/update";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { addressVariable, downloadAddress } from "./downloadAddress.ts";
import { installerText } from "./installerText.ts";

/**
 * The keys that an installer for people believes: what anybody can sign with the test key is then placed on nobody's machine. Until there
 * is a key of a release, there is only that one.
 */
export function keysForPeople(released = releaseKeyLines()): readonly string[] {
  return released.length > 0 ? released : pinnedKeyLines();
}

/** The scripts that download, check and place: for every Unix and for Windows. The test key is believed where nobody says otherwise. */
export async function makeInstallers(
  context: ReleaseContext,
  keys: readonly string[] = pinnedKeyLines(),
): Promise<readonly Artifact[]> {
  const address = downloadAddress(context, process.env);
  if (address === undefined) {
    context.say(`${addressVariable} is not set: the installers will ask for --base-url or --from`);
  }
  const made: Artifact[] = [];
  for (const name of ["install.sh", "install.ps1"]) {
    const template = readFileSync(path.join(context.root, "packages/release/installers", name), "utf8");
    const file = path.join(context.output, name);
    writeFileSync(file, installerText(template, { ...context, address: address ?? "", keys }));
    chmodSync(file, 0o755);
    made.push(await artifactOf(context, file, { kind: "installer" }));
  }
  return made;
}
