import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";
import { isAlive, openRuns, until } from "./support/detached.ts";
import { programPath } from "./support/program.ts";

const fleet = `name: on a terminal
instances:
  - { name: slow, run: "echo slow words; while [ ! -e go ]; do sleep 0.05; done" }
  - { name: after, run: [echo, after words], needs: slow }
`;

interface Terminal {
  shows(text: string): Promise<void>;
  type(text: string): void;
  /** Takes the terminal away, as closing its window does. */
  close(): Promise<void>;
}

/** The program on a terminal of its own, with a shell between them as a person has it. */
function onTerminal(rig: Rig, args: readonly string[]): Terminal {
  const command = [process.execPath, programPath, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qefc", `stty cols 100 rows 30; ${command}; echo over`, "/dev/null"], {
    cwd: rig.folder,
    env: { ...rig.environment, TERM: "xterm-256color", SHELL: "/bin/sh", LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
  const closed = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    shows: async (text) => void (await until(() => (screen.includes(text) ? true : undefined))),
    type: (text) => void child.stdin.write(text),
    close: async () => {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

const hasTerminals = spawnSync("script", ["--version"]).status === 0;

describe.skipIf(!hasTerminals)("a terminal that is closed", () => {
  test("leaves the run it shows at work, and another one shows it", async () => {
    await using rig = await createRig({ config: fleet });
    const terminal = onTerminal(rig, ["run", "fleet.yaml"]);
    await terminal.shows("slow words");
    const [before] = await openRuns(rig);
    await terminal.close();
    const viewer = rig.begin(["attach", "latest", "--json"]);
    await viewer.event(({ type }) => type === "attempt-started");
    expect(await openRuns(rig)).toMatchObject([{ run: before?.run, status: "running", pid: before?.pid }]);
    writeFileSync(rig.path("go"), "");
    expect(await viewer.ended).toMatchObject({ exitCode: 0, verdicts: { slow: "succeeded", after: "succeeded" } });
    await until(() => (isAlive(before?.pid ?? 0) ? undefined : true));
  });

  test("ends a view of it and nothing else; Ctrl-C in one says so", async () => {
    await using rig = await createRig({ config: fleet });
    const { stdout } = await rig.command(["run", "fleet.yaml", "--detach"]);
    const [viewer, another] = [1, 2].map(() => onTerminal(rig, ["attach", stdout.trim()]));
    await viewer?.shows("slow words");
    await another?.shows("slow words");
    await viewer?.close();
    another?.type("\u0003");
    await another?.shows("only this view of it has ended");
    await another?.close();
    expect(await openRuns(rig)).toMatchObject([{ run: stdout.trim(), status: "running" }]);
    writeFileSync(rig.path("go"), "");
    expect((await rig.command(["attach", "latest"])).exitCode).toBe(0);
  });
});

test("SIGHUP stops a run that has no terminal", async () => {
  await using rig = await createRig({ config: fleet });
  const program = rig.begin(["run", "fleet.yaml", "--json"]);
  await program.event(({ type }) => type === "attempt-started");
  program.signal("SIGHUP");
  expect(await program.ended).toMatchObject({ exitCode: 143, verdicts: { slow: "stopped", after: "stopped" } });
});
