import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isLinux, makeExecutable, makeHome, makingMs, start, type Home } from "./executableRig.ts";
import { isWholeMatrix } from "./support/places.ts";

/** Minutes, and compilers and emulators that few have: `RELEASE_MATRIX=full npm run test:release`. */
const isFull = isLinux && isWholeMatrix;
const isThere = (command: string) => isFull && spawnSync(command, ["--version"]).status === 0;
const hasArm64 = isThere("aarch64-linux-gnu-gcc") && isThere("qemu-aarch64");
const hasWindows = isThere("x86_64-w64-mingw32-gcc") && isThere("wine");

describe("an executable for another machine", () => {
  let output: string, home: Home;

  beforeEach(() => {
    output = mkdtempSync(join(tmpdir(), "orchestrator executable "));
    home = makeHome();
  });

  afterEach(() => {
    home[Symbol.dispose]();
    rmSync(output, { recursive: true, force: true });
  });

  test.skipIf(!hasArm64)(
    "for arm64 unpacks under an emulator, and its program plans and runs there",
    { timeout: makingMs },
    async () => {
      const executable = makeExecutable(output, "linux-arm64");
      writeFileSync(
        join(home.path, "fleet.yaml"),
        'name: small\ninstances:\n  - { name: only, agent: command, run: "echo hello" }\n',
      );
      const first = await start(["qemu-aarch64", executable, "--version"], home.path).ended;
      // Without the kernel's help an emulated program becomes no other: the emulator is asked for the one it would have become.
      const needsHelp = first.code === 1 && first.talk.includes("could not be started: Exec format error");
      expect(needsHelp || first.code === 0).toBe(true);
      const [version = ""] = readdirSync(home.versions).filter((name) => name !== "lock");
      const unpacked = join(home.versions, version);
      const emulated = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-0", executable, join(unpacked, "node")];
      const ask = (...words: readonly string[]) =>
        start([...emulated, join(unpacked, "dist/cli.mjs"), ...words], home.path).ended;
      expect((await ask("--version", "--verbose")).out).toMatch(
        /^claude-orchestrator \S+\ninstalled as executable: .*\nNode \S+ .*linux-arm64\n$/,
      );
      expect(await ask("plan", "fleet.yaml")).toMatchObject({ code: 0 });
      expect(await ask("run", "fleet.yaml", "--quiet")).toMatchObject({ code: 0 });
    },
  );

  test.skipIf(!hasWindows)(
    "for Windows unpacks once under wine, and starts its Node",
    { timeout: makingMs },
    async () => {
      const executable = makeExecutable(output, "win-x64");
      const prefix = join(home.path, "wine");
      mkdirSync(prefix);
      const env = { WINEPREFIX: prefix, WINEDEBUG: "-all", CLAUDE_ORCHESTRATOR_CACHE_DIR: "C:\\cache" };
      const ask = () => start(["wine", executable, "--version"], home.path, { env }).ended;
      const versions = join(prefix, "drive_c/cache/claude-orchestrator/executable");
      // Node 24 does not run under the wine of 2023: that it was started, and with what, is all there is to see.
      const [first, second] = [await ask(), await ask()];
      const [version = ""] = readdirSync(versions).filter((name) => name !== "lock");
      const runtime = join(versions, version, "node.exe");
      expect(statSync(runtime).size).toBeGreaterThan(80_000_000);
      for (const { out, talk } of [first, second]) {
        expect(`${out}${talk}`).toMatch(
          /claude-orchestrator \d|Node\.js is only supported on Windows|Native stack trace/,
        );
      }
      expect(readdirSync(versions).toSorted()).toEqual([version, "lock"]);
    },
  );
});
