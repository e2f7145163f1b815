import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compileCache } from "@claude-orchestrator/testkit";

export interface Child {
  readonly process: ChildProcess;
  /** Settles at the end of its output, with all of it. */
  readonly output: Promise<string>;
  /** Settles when it has printed this many lines, or has ended, with all the whole lines so far. */
  lines(count: number): Promise<readonly string[]>;
}

/** Runs a program of this folder by this Node. `wrapper` is put before the command line (`unshare …`, `sh -c …`). */
export function runProgram(name: string, words: readonly string[], wrapper: readonly string[] = []): Child {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const [command = "", ...rest] = [...wrapper, process.execPath, program, ...words];
  const env = { PATH: process.env["PATH"], ...compileCache };
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"], env });
  let text = "";
  let waiting: { readonly count: number; readonly resolve: (lines: readonly string[]) => void }[] = [];
  const wake = (isOver: boolean): void => {
    const seen = text.split("\n").slice(0, -1);
    for (const { count, resolve } of waiting) if (isOver || seen.length >= count) resolve(seen);
    waiting = isOver ? [] : waiting.filter(({ count }) => seen.length < count);
  };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    wake(false);
  });
  const output = new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      wake(true);
      resolve(text);
    });
  });
  const lines = (count: number): Promise<readonly string[]> =>
    new Promise((resolve) => {
      waiting.push({ count, resolve });
      wake(child.exitCode !== null);
    });
  return { process: child, output, lines };
}
