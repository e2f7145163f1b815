import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

/** The built program's `serve` in a folder of its own. */
export interface ServedFolder {
  /** With a slash at its end. */
  readonly url: string;
  /** Signs one browser in, once. */
  readonly signIn: string;
  /** For what is no browser. */
  readonly token: string;
  readonly pid: number;
  end(): void;
}

/** @param folder the runs that are in it, or come, are what is served */
export async function serveFolder(program: string, folder: string): Promise<ServedFolder> {
  const env = environmentOf(folder);
  const made = spawn(process.execPath, [program, "tokens", "create", `bench-${Date.now()}`], { cwd: folder, env });
  const token = (await firstLine(made)).trim();
  const child = spawn(process.execPath, [program, "serve", "--no-open", "--json"], { cwd: folder, env });
  const said = JSON.parse(await firstLine(child)) as { readonly url: string; readonly sign_in: string };
  return { url: said.url, signIn: said.sign_in, token, pid: child.pid ?? -1, end: () => void child.kill("SIGTERM") };
}

/** Made from nothing; what the program keeps of itself is in the folder as well. */
export function environmentOf(folder: string): Readonly<Record<string, string>> {
  return { PATH: "/usr/bin:/bin", HOME: folder, CLAUDE_ORCHESTRATOR_STATE: path.join(folder, "state") };
}

/** Where the runs of a folder are, made where it is not there. */
export function runsFolderOf(folder: string): string {
  const runsFolder = path.join(folder, ".orchestrator", "runs");
  mkdirSync(runsFolder, { recursive: true });
  return runsFolder;
}

async function firstLine({ stdout }: { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error("the program printed nothing");
}
