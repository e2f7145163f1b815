import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Of Debian and most others: nobody. */
export const nobody = 65_534;

export interface PersonOptions {
  /** A folder with a `node` in it. */
  readonly nodeFolder: string;
  /** False: with no rights but those of a user, also where the tests have more. */
  readonly isRoot?: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

/** Somebody with a home of their own, empty, under a path with spaces, on a machine with this Node and nothing of ours. */
export interface Person extends Disposable {
  readonly home: string;
  /** Where they work. */
  readonly work: string;
  /** Where programs are installed for them: `bin` of it is in their PATH. */
  readonly prefix: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program to its end, in `work`. */
  run(
    argv: readonly string[],
    more?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<Ended>;
  /** The same, not waited for. */
  start(argv: readonly string[]): ChildProcess;
  write(name: string, text: string): void;
  /** Every file and link below a folder of theirs, relative, sorted. */
  filesIn(folder: string): readonly string[];
}

export function createPerson({ nodeFolder, isRoot = false }: PersonOptions): Person {
  const top = mkdtempSync(path.join(tmpdir(), "orchestrator person "));
  const [home, work, prefix] = ["their home", "their work", "their prefix"].map((name) => path.join(top, name));
  if (home === undefined || work === undefined || prefix === undefined) throw new Error("three folders");
  const isLowered = !isRoot && process.getuid?.() === 0;
  chmodSync(top, 0o755);
  for (const folder of [home, work, prefix, path.join(prefix, "bin")]) {
    mkdirSync(folder);
    if (isLowered) chownSync(folder, nobody, nobody);
  }
  const env = {
    HOME: home,
    PATH: [path.join(prefix, "bin"), nodeFolder, "/usr/bin", "/bin"].join(path.delimiter),
    LANG: "C.UTF-8",
    CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep",
  };
  const started: ChildProcess[] = [];
  const start = (
    argv: readonly string[],
    more: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): ChildProcess => {
    const [program = "", ...words] = isLowered ? [...asNobody, ...argv] : argv;
    const child = spawn(program, words, {
      cwd: more.cwd ?? work,
      env: { ...env, ...more.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    return child;
  };
  return {
    home,
    work,
    prefix,
    env,
    start,
    run: (argv, more) => endOf(start(argv, more)),
    write(name, text) {
      const file = path.join(work, name);
      writeFileSync(file, text);
      if (isLowered) chownSync(file, nobody, nobody);
    },
    filesIn: filesBelow,
    [Symbol.dispose]() {
      for (const child of started) child.kill("SIGKILL");
      rmSync(top, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--"];

/** Files and links, relative, sorted. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

export function endOf(child: ChildProcess): Promise<Ended> {
  let [out, talk] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (talk += text));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, out, talk: talk + error.message }));
    child.once("close", (code) => resolve({ code, out, talk }));
  });
}
