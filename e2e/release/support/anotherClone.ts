import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "./places.ts";

/** A clone in another folder, with the same files and what is installed, as if somebody else had it. */
export interface AnotherClone extends Disposable {
  /**
   * Makes forms from nothing but sources, with another home, zone, language and umask.
   *
   * @returns the folder with what was made
   */
  release(forms: readonly string[], env: Readonly<Record<string, string>>): string;
}

export function makeAnotherClone(): AnotherClone {
  // Inside of the clone, and so on one file system with what is installed: that is linked, not copied.
  const folder = path.join(root, "tmp", `release ${process.pid}`, "another clone");
  mkdirSync(folder, { recursive: true });
  const listed = execute(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], root);
  for (const name of listed.split("\0").filter((each) => each !== "" && existsSync(path.join(root, each)))) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  execute(["cp", ["-al", path.join(root, "node_modules"), folder]].flat(), root);
  // Archives of Node stay: they are held against their hash. What was compiled and packed of them is made anew.
  for (const name of globSync("node_modules/.cache/claude-orchestrator-release/{launcher-*,*-stripped,*.zst}", {
    cwd: folder,
  })) {
    rmSync(path.join(folder, name), { recursive: true });
  }
  return {
    release(forms, env) {
      const words = [
        "scripts/release.ts",
        "--dry-run",
        ...forms.flatMap((form) => ["--only", form]),
        "--output",
        "made",
      ];
      const other = { HOME: folder, TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
      execute(["sh", "-c", 'umask 077; exec "$@"', "sh", process.execPath, ...words], folder, {
        PATH: "/usr/bin:/bin",
        ...other,
        ...env,
      });
      return path.join(folder, "made");
    },
    [Symbol.dispose]: () => rmSync(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 }),
  };
}

function execute(
  [program = "", ...words]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
