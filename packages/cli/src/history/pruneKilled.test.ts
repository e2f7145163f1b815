import { spawnSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { listRuns } from "@claude-orchestrator/store";
import { compileCache } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";

const main = join(import.meta.dirname, "../main.ts");
const env = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", ...compileCache };
const fleet = "instances: [{ name: only, run: [echo, fine] }]\n";

const hasStrace =
  process.platform === "linux" && spawnSync("strace", ["-o", "/dev/null", process.execPath, "--version"]).status === 0;

function program(
  cwd: string,
  words: readonly string[],
  wrapper: readonly string[] = [],
): NodeJS.Signals | number | null {
  const [command = "", ...rest] = [...wrapper, process.execPath, main, ...words];
  const { status, signal } = spawnSync(command, rest, { cwd, env, stdio: "ignore" });
  return signal ?? status;
}

describe.skipIf(!hasStrace)("a clean-up that is killed", () => {
  test("at each of its removals leaves whole runs or none, and the next one ends it", () => {
    using folder = makeFolder({ "before/fleet.yaml": fleet });
    const before = join(folder.path, "before");
    for (let run = 0; run < 2; run++) expect(program(before, ["run", "fleet.yaml", "--quiet"])).toBe(0);
    const prune = ["runs", "prune", "--keep", "1", "--yes"];
    // Unharmed once: whoever is killed below finds the program compiled, and writes nothing to the cache that it could be killed at.
    const unharmed = join(folder.path, "unharmed");
    cpSync(before, unharmed, { recursive: true });
    expect(program(unharmed, prune)).toBe(0);
    let kills = 0;
    for (const call of ["rename", "unlinkat", "rmdir"]) {
      for (let when = 1; ; when++) {
        const cwd = join(folder.path, `${call} ${when}`);
        cpSync(before, cwd, { recursive: true });
        const runs = join(cwd, ".orchestrator/runs");
        const fault = `inject=${call}:signal=SIGKILL:when=${when}`;
        const end = program(cwd, prune, ["strace", "-o", "/dev/null", "-e", fault]);
        const found = listRuns(runs);
        expect(found.every((run) => "settled" in run)).toBe(true);
        expect(found.length).toBeGreaterThanOrEqual(1);
        program(cwd, prune);
        expect(readdirSync(runs)).toEqual([found[0]?.id]);
        if (end === 0) break;
        kills += 1;
      }
    }
    expect(kills).toBeGreaterThanOrEqual(5);
  }, 300_000);
});
