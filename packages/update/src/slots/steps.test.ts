import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compileCache } from "@claude-orchestrator/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkScript, versionSaid, writeExecutable } from "../testing/scriptExecutable.ts";
import { currentVersion, installationOf, previousVersion, slotOf } from "./installation.ts";
import type { Installation } from "./installation.ts";
import { installSteps, returnSteps } from "./steps.ts";
import type { Install } from "./steps.ts";

let folder: string;
let command: string;
let installation: Installation;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "claude orchestrator slots-")));
  command = join(folder, "claude-orchestrator");
  writeExecutable(command, "1.0.0");
  installation = installationOf(command);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function install(to: string, changes: Partial<Install> = {}): Promise<void> {
  const from = currentVersion(installation, "1.0.0");
  const fetch = async (file: string): Promise<void> => writeExecutable(file, to);
  const steps = installSteps(installation, { from, to, check: checkScript, fetch, now: Date.now(), ...changes });
  for (const step of steps) await step.run();
}

async function goBack(): Promise<void> {
  const from = currentVersion(installation, "1.0.0");
  const to = previousVersion(installation, from);
  if (to === undefined) throw new Error("nothing to go back to");
  for (const step of returnSteps(installation, { from, to, check: checkScript })) await step.run();
}

const versions = (): readonly string[] => readdirSync(join(folder, ".claude-orchestrator/versions")).toSorted();

describe("an update", () => {
  test("of an executable that lies as it was downloaded makes it a link to the new one, and keeps the old one", async () => {
    await install("1.1.0");
    expect(versionSaid(command)).toBe("1.1.0");
    expect(lstatSync(command).isSymbolicLink()).toBe(true);
    expect(versionSaid(slotOf(installation, "1.0.0"))).toBe("1.0.0");
  });

  test("is found again from the executable that runs, through links of a person's own", async () => {
    await install("1.1.0");
    symlinkSync(command, join(folder, "other-name"));
    const found = installationOf(realpathSync(join(folder, "other-name")));
    expect(found).toEqual(installation);
    expect(currentVersion(found, "0.0.0")).toBe("1.1.0");
  });

  test("is gone back from, and forth again", async () => {
    await install("1.1.0");
    await install("1.2.0");
    await goBack();
    expect(versionSaid(command)).toBe("1.1.0");
    await goBack();
    expect(versionSaid(command)).toBe("1.2.0");
  });

  test("that does not start is not switched to, and leaves nothing", async () => {
    const fetch = async (file: string): Promise<void> => writeExecutable(file, "1.1.0", 1);
    await expect(install("1.1.0", { fetch })).rejects.toThrow("1.1.0 does not start here");
    expect([versionSaid(command), versions()]).toEqual(["1.0.0", []]);
  });

  test("whose first start from its place fails is gone back from at once", async () => {
    const check = async (file: string): Promise<string | undefined> => (file === command ? "it crashed" : undefined);
    await expect(install("1.1.0", { check })).rejects.toThrow("1.1.0 does not start here: it crashed");
    expect(versionSaid(command)).toBe("1.0.0");
    await install("1.2.0");
    expect(versionSaid(command)).toBe("1.2.0");
  });

  test("that is another version than was signed is not switched to", async () => {
    const fetch = async (file: string): Promise<void> => writeExecutable(file, "6.6.6");
    await expect(install("1.1.0", { fetch })).rejects.toThrow("it says 6.6.6");
    expect(versionSaid(command)).toBe("1.0.0");
  });

  test("keeps what was left less than a month ago, for runs that go on with it", async () => {
    await install("1.1.0");
    await install("1.2.0");
    expect(versions()).toEqual(["1.0.0", "1.1.0", "1.2.0"]);
    const longAgo = Date.now() / 1000 - 31 * 86_400;
    utimesSync(dirname(slotOf(installation, "1.0.0")), longAgo, longAgo);
    await install("1.3.0");
    expect(versions()).toEqual(["1.1.0", "1.2.0", "1.3.0"]);
  });

  test("believes no record that somebody has written names of folders into", () => {
    const fixed = join(folder, ".claude-orchestrator/switch.json");
    expect(existsSync(fixed)).toBe(false);
    return install("1.1.0").then(() => {
      writeFileSync(fixed, JSON.stringify({ to: "1.1.0", from: "../../evil" }));
      expect(previousVersion(installation, "1.1.0")).toBeUndefined();
    });
  });
});

describe("where a running program cannot be replaced by a link", () => {
  test("it is moved away, and the new one put in its place", async () => {
    installation = { ...installation, hasLinks: false };
    await install("1.1.0");
    expect(versionSaid(command)).toBe("1.1.0");
    expect(lstatSync(command).isFile()).toBe(true);
    expect(currentVersion(installation, "1.0.0")).toBe("1.1.0");
    await install("1.2.0");
    await goBack();
    expect(versionSaid(command)).toBe("1.1.0");
  });

  test("names of Windows are understood", () => {
    const running = "C:\\Tools\\.claude-orchestrator\\versions\\1.1.0\\claude-orchestrator.exe";
    expect(installationOf(running, "win32")).toMatchObject({ hasLinks: false });
  });
});

describe("killed", () => {
  const program = join(import.meta.dirname, "../testing/updateProcess.ts");
  const env = { PATH: process.env["PATH"] ?? "", ...compileCache };

  function killAfter(what: "install" | "return", steps: number): void {
    const { signal, stderr } = spawnSync(process.execPath, [program, what, command, String(steps)], {
      env,
      encoding: "utf8",
    });
    expect({ signal, stderr }).toEqual({ signal: "SIGKILL", stderr: "" });
  }

  test("after any step of an update, there is a program that works, and the next update succeeds", async () => {
    const count = installSteps(installation, {
      from: "",
      to: "",
      check: checkScript,
      fetch: async () => {},
      now: 0,
    }).length;
    for (let steps = 0; steps <= count; steps++) {
      rmSync(join(folder, ".claude-orchestrator"), { recursive: true, force: true });
      rmSync(command, { force: true });
      writeExecutable(command, "1.0.0");
      killAfter("install", steps);
      const said = versionSaid(command);
      expect(["1.0.0", "1.1.0"]).toContain(said);
      expect(currentVersion(installation, "1.0.0")).toBe(said);
      await install("1.2.0");
      expect(versionSaid(command)).toBe("1.2.0");
      await goBack();
      expect(versionSaid(command)).toBe(said);
    }
  });

  test("after any step of going back, there is a program that works, and both ways stay open", async () => {
    await install("1.1.0");
    for (let steps = 0; steps <= 4; steps++) {
      killAfter("return", steps);
      const said = versionSaid(command);
      expect(["1.0.0", "1.1.0"]).toContain(said);
      await goBack();
      const other = versionSaid(command);
      expect(new Set([said, other])).toEqual(new Set(["1.0.0", "1.1.0"]));
      if (other === "1.0.0") await goBack();
      expect(versionSaid(command)).toBe("1.1.0");
    }
  });
});

/** Where the kernel lets us: killed at a system call of the update, not between two steps. */
const isTraced = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;

describe.skipIf(!isTraced)("killed at each of its system calls", () => {
  const program = join(import.meta.dirname, "../testing/updateProcess.ts");
  const env = { PATH: process.env["PATH"] ?? "", ...compileCache };

  test.each([
    ["rename", 4],
    ["symlink", 1],
    ["fsync", 5],
  ])("%s: there is a program that works, and the next update succeeds", async (call, atLeast) => {
    let kills = 0;
    for (let isOver = false; !isOver; kills++) {
      rmSync(join(folder, ".claude-orchestrator"), { recursive: true, force: true });
      rmSync(command, { force: true });
      writeExecutable(command, "1.0.0");
      const fault = `inject=${call}:signal=SIGKILL:when=${kills + 1}`;
      const words = ["-o", "/dev/null", "-e", fault, process.execPath, program, "install", command, "100"];
      isOver = spawnSync("strace", words, { env, encoding: "utf8" }).stdout === "done";
      const said = versionSaid(command);
      expect(["1.0.0", "1.1.0"]).toContain(said);
      await install("1.2.0");
      expect(versionSaid(command)).toBe("1.2.0");
      await goBack();
      expect(versionSaid(command)).toBe(said);
    }
    expect(kills).toBeGreaterThan(atLeast);
  });
});
