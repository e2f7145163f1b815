import { spawn, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";
import { programPath } from "./support/program.ts";

const escape = "\u001b[";
const hideCursor = `${escape}?25l`;
const showCursor = `${escape}?25h`;

const fleet = `name: on screen
instances:
  - { name: quick, agent: command, run: [echo, done at once] }
  - { name: slow, agent: command, run: "for i in 1 2 3 4; do echo step $i; sleep 0.4; done" }
  - { name: later, agent: command, run: [echo, the end], needs: slow }
`;

interface Terminal {
  /** Settles when the text has been drawn. */
  shows(text: string): Promise<void>;
  type(text: string): void;
  readonly ended: Promise<{ readonly screen: string; readonly exitCode: number | null }>;
}

/** The program on a terminal of its own: util-linux's `script` makes one. */
function onTerminal(rig: Rig, args: readonly string[], env: Readonly<Record<string, string>> = {}): Terminal {
  const command = [process.execPath, programPath, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qefc", `stty cols 100 rows 30; exec ${command}`, "/dev/null"], {
    cwd: rig.folder,
    env: { ...rig.environment, TERM: "xterm-256color", SHELL: "/bin/sh", LANG: "C.UTF-8", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  const lookers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    for (const look of lookers) look();
  });
  return {
    shows: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!screen.includes(text)) return;
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      }),
    type: (text) => void child.stdin.write(text),
    ended: new Promise((resolve) => child.once("close", (exitCode) => resolve({ screen, exitCode }))),
  };
}

const hasTerminals = spawnSync("script", ["--version"]).status === 0;

describe.skipIf(!hasTerminals)("on a terminal", () => {
  test("the view redraws in place, gives the cursor back, and leaves the summary", async () => {
    await using rig = await createRig({ config: fleet });
    const { screen, exitCode } = await onTerminal(rig, ["run", "fleet.yaml"]).ended;
    expect(exitCode).toBe(0);
    expect(screen.split(`${escape}?2026h`).length).toBeGreaterThan(4);
    expect(screen).toMatch(/\u001b\[\d+A/);
    expect(screen).toContain(hideCursor);
    expect(screen.lastIndexOf(showCursor)).toBeGreaterThan(screen.lastIndexOf(hideCursor));
    const after = screen.slice(screen.lastIndexOf(showCursor));
    for (const words of ["on screen", "succeeded", "the end", "show run_"]) expect(after).toContain(words);
    for (const line of screen.split("\n")) expect(line.length).toBeLessThan(1000);
  });

  test("Ctrl-C stops, sums up and gives the cursor back", async () => {
    await using rig = await createRig({ config: fleet.replace("sleep 0.4", "sleep 60") });
    const terminal = onTerminal(rig, ["run", "fleet.yaml"]);
    await terminal.shows("step 1");
    terminal.type("\u0003");
    const { screen, exitCode } = await terminal.ended;
    expect(exitCode).toBe(130);
    expect(screen).toContain("Press Ctrl-C again to force");
    expect(screen.lastIndexOf(showCursor)).toBeGreaterThan(screen.lastIndexOf(hideCursor));
    expect(screen.slice(screen.lastIndexOf(showCursor))).toContain("stopped");
  });

  test("NO_COLOR leaves no colour, TERM=dumb and --plain no cursor movement", async () => {
    await using rig = await createRig({ config: fleet.replaceAll("sleep 0.4", "sleep 0.1") });
    const [colourless, dumb, plain] = await Promise.all([
      onTerminal(rig, ["run", "fleet.yaml"], { NO_COLOR: "1" }).ended,
      onTerminal(rig, ["run", "fleet.yaml"], { TERM: "dumb" }).ended,
      onTerminal(rig, ["run", "fleet.yaml", "--plain"]).ended,
    ]);
    expect(colourless.screen).not.toMatch(/\u001b\[[\d;]*m/);
    expect(dumb.screen).not.toContain("\u001b");
    expect(plain.screen).not.toMatch(/\u001b\[(?:\?|\d*[A-HJK])/);
    expect(plain.screen).toContain("slow");
  });
});
