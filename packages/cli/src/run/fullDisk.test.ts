import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileCache } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";

const main = join(import.meta.dirname, "../main.ts");
const mountsPrivately =
  process.platform === "linux" &&
  spawnSync("unshare", ["-Urm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]).status === 0;

/** `fill` leaves no room on the disk that holds the log, `waiter` runs meanwhile and makes room when it is told, `later` waits. */
const fleet = `
concurrency: 4
disk: { min_free: 1 }
defaults:
  env: { DISK: "\${{ variables.disk }}" }
instances:
  - name: waiter
    run: trap '' TERM INT; while [ ! -e make-room ]; do sleep 0.1; done; rm "$DISK/filler"
  - name: fill
    run: cat /dev/zero > "$DISK/filler" 2>/dev/null; true
  - name: later
    needs: [fill]
    run: [echo, later]
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

/** Runs the file with its log on a disk of one megabyte; `hears` is asked after each piece of talk and may send signals. */
function runOnSmallDisk(
  folder: string,
  hears: (talk: string, send: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const disk = join(folder, "disk");
  const mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
  const words = ["run", "fleet.yaml", "--runs-dir", join(disk, "runs"), "--var", `disk=${disk}`];
  const child = spawn("unshare", ["-Urm", "sh", "-c", mount, disk, process.execPath, main, ...words], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", ...compileCache },
  });
  let [out, talk] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    talk += text;
    hears(talk, (signal) => void child.kill(signal));
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, talk })));
}

describe.skipIf(!mountsPrivately)("a run whose disk is full", () => {
  test.each([
    { stop: "Ctrl-C", signals: ["SIGINT"], exitCode: 130 },
    { stop: "SIGTERM", signals: ["SIGTERM"], exitCode: 143 },
    { stop: "Ctrl-C twice", signals: ["SIGINT", "SIGINT"], exitCode: 130 },
  ] as const)(
    "says so, and $stop ends it with its summary instead of waiting for ever",
    async ({ signals, exitCode }) => {
      using folder = makeFolder({ "fleet.yaml": fleet, "disk/empty": "" });
      let sent = 0;
      const { code, out, talk } = await runOnSmallDisk(folder.path, (heard, send) => {
        const signal = signals[sent];
        if (signal === undefined || !heard.includes(sent === 0 ? "no space left" : "Press Ctrl-C again")) return;
        sent += 1;
        send(signal);
      });
      expect(talk).toMatch(/^warning: there is no space left for the run's log: /m);
      expect(talk).toMatch(
        /^error: Not all of it could be written to the log: \d+ events were not written: there is no space left /m,
      );
      expect(talk).not.toContain("later  started");
      expect(talk).not.toContain("our bug");
      expect(out).toContain("fleet stopped");
      expect(out).toMatch(/^waiter +\S+ stopped/m);
      expect(out).toMatch(/^later +\S+ stopped/m);
      expect(code).toBe(exitCode);
    },
    60_000,
  );

  test("goes on to its end once there is room again, with nothing lost", async () => {
    using folder = makeFolder({ "fleet.yaml": fleet, "disk/empty": "" });
    const { code, out, talk } = await runOnSmallDisk(folder.path, (heard) => {
      if (heard.includes("no space left")) writeFileSync(join(folder.path, "make-room"), "");
    });
    expect(talk).toContain("The run's log can be written again");
    expect(out).toContain("3 succeeded");
    expect(code).toBe(0);
  }, 60_000);
});

/** `clean` removes the folder of runs while `slow` runs; `later` would follow. */
const cleaning = `
instances:
  - name: slow
    run: touch running; while [ -e .orchestrator ]; do sleep 0.05; done; sleep 0.5; echo fine
  - name: clean
    run: while [ ! -e running ]; do sleep 0.05; done; rm -rf .orchestrator
LATER`;
const later = `
  - name: later
    needs: [clean]
    run: [touch, too-late]
`;

describe.skipIf(process.platform === "win32")("a run whose folder an agent removes", () => {
  test.each([
    { title: "starts nothing more", more: later, rest: /^later +\S+ (?:failed|stopped)/m },
    { title: "fails though every instance succeeded", more: "", rest: /2 succeeded/ },
  ])(
    "$title, lets what runs end, and ends with its summary and one sentence",
    ({ more, rest }) => {
      using folder = makeFolder({ "fleet.yaml": cleaning.replace("LATER", more) });
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, "run", "fleet.yaml"], {
        cwd: folder.path,
        env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", ...compileCache },
        encoding: "utf8",
      });
      expect(stderr.match(/^warning: the run's log is lost: /gm)).toHaveLength(1);
      expect(stderr.match(/^error: .*$/gm)).toEqual([
        expect.stringMatching(
          /Not all of it could be written to the log: \d+ events were not written: the run's log is lost/,
        ),
      ]);
      expect(stdout).toMatch(/^slow +\S+ succeeded/m);
      expect(stdout).toMatch(rest);
      expect(existsSync(join(folder.path, "too-late"))).toBe(false);
      expect(status).toBe(1);
    },
    60_000,
  );
});
