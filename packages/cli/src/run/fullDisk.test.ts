import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";

const main = join(import.meta.dirname, "../main.ts");
const mountsPrivately =
  process.platform === "linux" &&
  spawnSync("unshare", ["-Urm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]).status === 0;

/** `fill` leaves no room on the disk that holds the log, `waiter` runs meanwhile and makes room when it is told, `later` waits. */
const fleet = `
concurrency: 4
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
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8" },
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
  test("says so, and a forced stop ends it with a sentence instead of waiting for ever", async () => {
    using folder = makeFolder({ "fleet.yaml": fleet, "disk/empty": "" });
    const steps = [
      ["no space left", "SIGINT"],
      ["Press Ctrl-C again", "SIGINT"],
    ] as const;
    let done = 0;
    const { code, out, talk } = await runOnSmallDisk(folder.path, (heard, send) => {
      const step = steps[done];
      if (step === undefined || !heard.includes(step[0])) return;
      done += 1;
      send(step[1]);
    });
    expect(talk).toMatch(/^warning: there is no space left for the run's log: /m);
    expect(talk.match(/there is no space left for the run's log/g)).toHaveLength(2);
    expect(talk).toMatch(/^error: The run was ended, but not recorded to its end: \d+ events were not written: /m);
    expect(talk).toMatch(/^hint: what its agents printed is in .*attempts; `claude-orchestrator show run_\w+` tells/m);
    expect(talk).not.toContain("later  started");
    expect({ code, out }).toEqual({ code: 1, out: "" });
  }, 60_000);

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
