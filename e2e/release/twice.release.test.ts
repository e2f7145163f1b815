/** The same commit gives the same bytes, whoever makes them and wherever. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { hasCompiler, makeExecutable, makingMs } from "./executableRig.ts";
import { makeAnotherClone } from "./support/anotherClone.ts";

interface Manifest {
  readonly source_date_epoch: number;
  readonly artifacts: readonly { readonly path: string; readonly sha256: string }[];
}

function manifestIn(made: string): Manifest {
  return JSON.parse(readFileSync(path.join(made, "manifest.json"), "utf8")) as Manifest;
}

test(
  "two builds, in another folder, home, zone, language and umask, are the same byte for byte: package, SBOMs, executable",
  () => {
    const made = path.join(inject("shelf"), "made");
    const folder = mkdtempSync(path.join(tmpdir(), "orchestrator twice "));
    try {
      const { source_date_epoch: epoch, artifacts } = manifestIn(made);
      const wanted = new Map(artifacts.map((each) => [each.path, each.sha256]));
      if (hasCompiler) {
        const executable = makeExecutable(folder);
        wanted.set(path.basename(executable), createHash("sha256").update(readFileSync(executable)).digest("hex"));
      }
      using clone = makeAnotherClone();
      const env = { SOURCE_DATE_EPOCH: String(epoch), RELEASE_EXE: "linux-x64", RELEASE_EXE_LEVEL: "3" };
      const forms = ["npm", ...(hasCompiler ? ["exe"] : []), "sbom"];
      const again = new Map(manifestIn(clone.release(forms, env)).artifacts.map((each) => [each.path, each.sha256]));
      expect([...wanted].map(([name]) => [name, again.get(name)])).toEqual([...wanted]);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  makingMs,
);
