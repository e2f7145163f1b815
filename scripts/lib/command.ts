import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The clone's root, whatever directory the script was started from. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface CommandResult {
  /** The exit code; 1 where a signal ended it or it could not be started. */
  readonly code: number;
  /** Standard output and standard error in the order they came. */
  readonly output: string;
  readonly milliseconds: number;
}

/** Runs one of the clone's own tools (from node_modules/.bin) without a shell and keeps what it prints. Never rejects. */
export function runTool(name: string, args: readonly string[], cwd: string = root): Promise<CommandResult> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const chunks: Buffer[] = [];
  const settle = (code: number, note = ""): void => {
    resolve({
      code,
      output: Buffer.concat(chunks).toString("utf8") + note,
      milliseconds: performance.now() - started,
    });
  };
  const child = spawn(...toolArgv(name, args), { cwd, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("error", (error) => settle(1, `${error.message}\n`));
  child.on("close", (code, signal) => settle(code ?? 1, signal === null ? "" : `ended by ${signal}\n`));
  return promise;
}

/** Runs one of the clone's tools on this terminal. Answers its exit code, 1 where a signal ended it. Never rejects. */
export function showTool(name: string, args: readonly string[]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const child = spawn(...toolArgv(name, args), { cwd: root, stdio: "inherit" });
  child.on("error", (error) => {
    console.error(error.message);
    resolve(1);
  });
  child.on("close", (code) => resolve(code ?? 1));
  return promise;
}

/** `node` is this very Node; another tool is started by it too, so that no shim and no other Node comes between. */
function toolArgv(name: string, args: readonly string[]): [string, string[]] {
  return name === "node"
    ? [process.execPath, [...args]]
    : [process.execPath, [fileURLToPath(toolEntry(name)), ...args]];
}

function toolEntry(name: string): URL {
  const entry = tools[name];
  if (entry === undefined) throw new Error(`${name} is not in the table of tools in scripts/lib/command.ts`);
  return new URL(`../../node_modules/${entry}`, import.meta.url);
}

const tools: Readonly<Record<string, string>> = {
  knip: "knip/bin/knip.js",
  oxfmt: "oxfmt/bin/oxfmt",
  oxlint: "oxlint/bin/oxlint",
  tsc: "typescript/bin/tsc",
  vite: "vite/bin/vite.js",
  vitest: "vitest/vitest.mjs",
};
