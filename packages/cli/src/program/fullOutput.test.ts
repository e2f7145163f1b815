import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileCache } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";

const main = join(import.meta.dirname, "../main.ts");
const good = "instances:\n  - { name: good, run: [echo, hello] }\n";
const sentence = "error: the output could not be written: no space left\n";

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

/** Runs the program with these of its streams on a device that is always full. */
function runOnFullDevice(words: readonly string[], full: { readonly out?: boolean; readonly talk?: boolean }): Ended {
  using folder = makeFolder({ "good.yaml": good });
  const device = openSync("/dev/full", "w");
  try {
    const child = spawnSync(process.execPath, [main, ...words], {
      cwd: folder.path,
      env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", ...compileCache },
      stdio: ["ignore", full.out === true ? device : "pipe", full.talk === true ? device : "pipe"],
      encoding: "utf8",
      timeout: 50_000,
    });
    // What is not a pipe is null, whatever the types say.
    return { code: child.status, out: child.stdout || "", talk: child.stderr || "" };
  } finally {
    closeSync(device);
  }
}

const runs = [
  ["run", "good.yaml", "--plain"],
  ["run", "good.yaml", "--quiet"],
  ["run", "good.yaml", "--json"],
] as const;

describe.skipIf(process.platform !== "linux")("a full disk under", () => {
  test.each(runs)(
    "standard error ends the talk quietly, and %s %s %s goes on to its end",
    (...words) => {
      const { code, out } = runOnFullDevice(words, { talk: true });
      expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("good") });
    },
    60_000,
  );

  test.each([...runs, ["plan", "good.yaml"], ["agents"], ["--help"]])(
    "standard output is told once and fails the command: %s %s %s",
    (...words) => {
      const { code, talk } = runOnFullDevice(words, { out: true });
      expect(code).toBe(1);
      expect(talk.split(sentence)).toHaveLength(2);
      expect(talk).not.toContain("our bug");
    },
    60_000,
  );

  test("both still lets a run end, with exit code 1", () => {
    expect(runOnFullDevice(["run", "good.yaml"], { out: true, talk: true }).code).toBe(1);
  }, 60_000);

  test("standard error leaves the exit code of a mistake as it is", () => {
    expect(runOnFullDevice(["run", "missing.yaml"], { talk: true }).code).toBe(2);
  }, 60_000);
});

/** Throws again and again, from a timer, once an agent has said its number in the file `running`. */
const crashing = `import { existsSync } from "node:fs";
setInterval(() => { if (existsSync("running")) throw new Error("boom"); }, 5);
`;

test.skipIf(process.platform !== "linux")(
  "a crash whose words cannot be written is not the next crash: the program ends, and its agents with it",
  () => {
    const slow = "instances:\n  - name: slow\n    run: echo $$ > draft; mv draft running; exec sleep 600\n";
    using folder = makeFolder({ "slow.yaml": slow, "crashing.mjs": crashing });
    const device = openSync("/dev/full", "w");
    const { status } = spawnSync(process.execPath, ["--import", "./crashing.mjs", main, "run", "slow.yaml"], {
      cwd: folder.path,
      // Without namespaces, so that the number the agent tells is the one we know it by.
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: "/nonexistent",
        LANG: "C.UTF-8",
        CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep",
        ...compileCache,
      },
      stdio: ["ignore", device, device],
      timeout: 50_000,
    });
    closeSync(device);
    expect(status).toBe(70);
    const agent = Number(readFileSync(join(folder.path, "running"), "utf8"));
    expect(isRunning(agent)).toBe(false);
  },
  60_000,
);

/** A process that is dead and not yet buried by its new parent runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
