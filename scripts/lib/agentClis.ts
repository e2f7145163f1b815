import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./command.ts";

/** The agent CLIs the tests drive besides the pinned Claude Code: exact versions, together about 850 MB. */
export const agentClis: Readonly<Record<string, string>> = {
  "@google/gemini-cli": "0.61.0",
  "@openai/codex": "0.169.0",
  "opencode-ai": "1.18.33",
};

/** Where they are installed: in the clone, ignored by git, kept from one run to the next. */
const agentsFolder = path.join(root, ".agents");

/** Installs what is missing or of another version, without running a package's scripts. Answers npm's exit code. */
export async function installAgentClis(): Promise<number> {
  const missing = Object.entries(agentClis).filter(([name, version]) => installedVersion(name) !== version);
  if (missing.length === 0) return 0;
  mkdirSync(agentsFolder, { recursive: true });
  const manifest = path.join(agentsFolder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, `${JSON.stringify({ private: true })}\n`);
  const words = missing.map(([name, version]) => `${name}@${version}`);
  console.error(`Installing ${words.join(", ")} into .agents/`);
  return runNpm([
    "install",
    "--prefix",
    agentsFolder,
    "--ignore-scripts",
    "--save-exact",
    "--no-audit",
    "--no-fund",
    ...words,
  ]);
}

function installedVersion(name: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(
      readFileSync(path.join(agentsFolder, "node_modules", name, "package.json"), "utf8"),
    );
    const version: unknown =
      typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : undefined;
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** The npm that started us, by this very Node; else the one on PATH. */
function runNpm(args: readonly string[]): Promise<number> {
  const entry = process.env["npm_execpath"];
  const [program, words] = entry === undefined ? ["npm", [...args]] : [process.execPath, [entry, ...args]];
  const { promise, resolve } = Promise.withResolvers<number>();
  const child = spawn(program, words, { cwd: agentsFolder, stdio: ["ignore", "inherit", "inherit"] });
  child.on("error", (error) => {
    console.error(`npm could not be started: ${error.message}`);
    resolve(1);
  });
  child.on("close", (code) => resolve(code ?? 1));
  return promise;
}
