import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endOf, filesBelow, nobody } from "./person.ts";
import type { Person } from "./person.ts";
import { root } from "./places.ts";

/** What `RELEASE_MATRIX=full` has made: a Debian with nothing but what every Debian has. */
export const debianFolder = path.join(root, ".release-tools/debian");

export const hasDebian = process.getuid?.() === 0 && existsSync(path.join(debianFolder, "usr/bin/dpkg")) && canMount();

function canMount(): boolean {
  return spawnSync("unshare", ["--mount", "true"]).status === 0;
}

/** Somebody on a Debian of their own, in which nothing was ever installed. */
export interface DebianPerson extends Person {
  /** The folder that is its root, seen from outside. */
  readonly debian: string;
  /** Runs something as root, there. */
  runAsRoot(argv: readonly string[]): ReturnType<Person["run"]>;
}

const [home, work, prefix] = ["/home/person", "/home/person/work", "/home/person/.local"];

export function createDebianPerson({ isRoot }: { readonly isRoot: boolean }): DebianPerson {
  const debian = mkdtempSync(path.join(tmpdir(), "orchestrator debian "));
  // It has devices, which `cpSync` refuses.
  spawnSync("cp", ["--archive", "--reflink=auto", `${debianFolder}/.`, debian]);
  chmodSync(debian, 0o755);
  for (const folder of [home, work, prefix]) {
    mkdirSync(path.join(debian, folder), { recursive: true });
    if (!isRoot) chownSync(path.join(debian, folder), nobody, nobody);
  }
  chmodSync(path.join(debian, "tmp"), 0o1777);
  const env = {
    HOME: home,
    PATH: `${prefix}/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    LANG: "C.UTF-8",
    CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep",
  };
  const started: ChildProcess[] = [];
  const begin = (
    argv: readonly string[],
    asRoot: boolean,
    more: Readonly<Record<string, string>> = {},
  ): ChildProcess => {
    // A mount of its own, which ends with the process.
    const inside = 'mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"';
    const as = asRoot ? [] : ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--"];
    const words = ["--mount", "sh", "-c", inside, debian, "env", `--chdir=${work}`, ...as, ...argv];
    const child = spawn("/usr/bin/unshare", words, { env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
    started.push(child);
    return child;
  };
  return {
    debian,
    home,
    work,
    prefix,
    env,
    start: (argv) => begin(argv, isRoot),
    run: (argv, more) => endOf(begin(argv, isRoot, more?.env)),
    runAsRoot: (argv) => endOf(begin(argv, true)),
    write(name, text) {
      const file = path.join(debian, work, name);
      writeFileSync(file, text);
      if (!isRoot) chownSync(file, nobody, nobody);
    },
    filesIn: (folder) => filesBelow(path.join(debian, folder)),
    [Symbol.dispose]() {
      for (const child of started) child.kill("SIGKILL");
      rmSync(debian, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
