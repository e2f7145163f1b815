import { readFileSync } from "node:fs";
import path from "node:path";
import type { ReleaseContext } from "../releaseContext.ts";

interface PackageParts {
  /** Relative to the package. */
  readonly man: readonly string[];
}

/** What of the clone's own manifest also holds for the package. `repository` must be there before provenance can be made. */
const taken = ["description", "license", "author", "homepage", "repository", "bugs"] as const;

/**
 * What the program starts on; it says so itself on any other (`nodeVersion.ts` of the cli). Here and in no workspace's manifest: the
 * clone brings its own Node, so that npm would warn of one that nothing here runs on.
 */
const engines = { node: "^22.22.0 || >=24.0.0" };

/** The manifest of the published package: no dependency, no script. */
export function packageJson(context: Pick<ReleaseContext, "version" | "root">, { man }: PackageParts): string {
  const clone = readJson(path.join(context.root, "package.json"));
  const manifest = {
    name: "claude-orchestrator",
    version: context.version,
    ...Object.fromEntries(taken.flatMap((name) => (clone[name] === undefined ? [] : [[name, clone[name]]]))),
    keywords: ["claude", "claude-code", "codex", "gemini", "opencode", "agents", "orchestrator", "headless", "cli"],
    type: "module",
    engines,
    // Yarn would start it from within an archive, where no other program can read it.
    preferUnplugged: true,
    bin: { "claude-orchestrator": "dist/cli.mjs" },
    man,
    exports: {
      ".": { types: "./dist/library.d.mts", default: "./dist/library.mjs" },
      "./package.json": "./package.json",
    },
    // package.json, README.md and LICENSE are always inside.
    files: ["completions", "dist", "man", "THIRD-PARTY-LICENSES"],
    publishConfig: { access: "public", provenance: true, registry: "https://registry.npmjs.org/" },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
}
