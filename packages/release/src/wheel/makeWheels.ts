import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import { executablesOf } from "../exe/executablesOf.ts";
import { licenceFiles, sharedFiles } from "../program/sharedFiles.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { makeZip } from "../zip/makeZip.ts";
import { pythonVersion } from "./pythonVersion.ts";
import { wheelFiles } from "./wheelFiles.ts";
import { wheelTag } from "./wheelTag.ts";

/** For each executable a wheel that `pip install` and `pipx install` take, for the systems on which the Node inside starts. */
export async function makeWheels(context: ReleaseContext): Promise<readonly Artifact[]> {
  const shared = sharedFiles(context);
  const licences = licenceFiles(context);
  const made: Artifact[] = [];
  for (const { target, file } of executablesOf(context, "wheel")) {
    const tag = wheelTag(target, context.root);
    const isWindows = target.format === "pe";
    const program = {
      path: isWindows ? "claude-orchestrator.exe" : "claude-orchestrator",
      bytes: readFileSync(file),
      isExecutable: true,
    };
    const files = wheelFiles(context, { tag, program, shared: isWindows ? [] : shared, licences });
    const name = `claude_orchestrator-${pythonVersion(context.version)}-py3-none-${tag}.whl`;
    const wheel = path.join(context.output, name);
    writeFileSync(wheel, makeZip(files, context.sourceDateEpoch));
    made.push(await artifactOf(context, wheel, { kind: "wheel", platform: target.platform }));
  }
  return made;
}
