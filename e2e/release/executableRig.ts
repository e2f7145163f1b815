import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What this machine cannot do is skipped, and said so by the runner. */
export const isLinux = process.platform === "linux" && process.arch === "x64";
export const hasCompiler = isLinux && spawnSync("x86_64-linux-gnu-gcc", ["--version"]).status === 0;
/** Mounts of one's own, that go with the process. */
export const canMount = isLinux && spawnSync("unshare", ["-Urm", "true"]).status === 0;

/** A compiler takes seconds; a machine with other work takes long for that. */
export const makingMs = 600_000;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/**
 * Makes the executable of a platform from what is built, as `npm run release:exe` does, but compressed in a second.
 *
 * @returns its path in `output`
 */
export function makeExecutable(output: string, platform = "linux-x64"): string {
  const words = ["scripts/release.ts", "--dry-run", "--no-build", "--only", "exe", "--output", output];
  const env = { ...process.env, RELEASE_EXE: platform, RELEASE_EXE_LEVEL: "3" };
  const made = spawnSync(process.execPath, words, { cwd: root, env, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`the executable could not be made:\n${made.stdout}${made.stderr}`);
  const name = readdirSync(output).find((each) => each.includes(`-${platform}`));
  if (name === undefined) throw new Error(`there is no executable in ${output}`);
  return join(output, name);
}

/** A home of its own, and what it holds of unpacked versions. */
export interface Home extends Disposable {
  readonly path: string;
  /** The folder of the versions, made by the first start. */
  readonly versions: string;
  /** Names in it, without the lock. */
  listed(): readonly string[];
}

export function makeHome(): Home {
  const path = mkdtempSync(join(tmpdir(), "orchestrator home "));
  const versions = join(path, ".cache/claude-orchestrator/executable");
  return {
    path,
    versions,
    listed: () => readdirSync(versions).filter((name) => name !== "lock"),
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Starts a command line with nothing in its environment but what is needed. */
export function start(argv: readonly string[], home: string, options: StartOptions = {}): Started {
  const [command = "", ...words] = argv;
  const temporary = join(home, "tmp");
  mkdirSync(temporary, { recursive: true });
  const child = spawn(command, words, {
    cwd: options.cwd ?? home,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: home, TMPDIR: temporary, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { promise: code, resolve } = Promise.withResolvers<number | null>();
  child.on("close", resolve);
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]);
  return { child, ended: ended.then(([ofChild, out, talk]) => ({ code: ofChild, out, talk })) };
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What stands in a shell's place: mounts something, then becomes the command line behind it. */
export function withMount(mount: string, argv: readonly string[]): readonly string[] {
  return ["unshare", "-Urm", "sh", "-c", `${mount} && exec "$@"`, "sh", ...argv];
}
