import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  containments,
  createHostRig,
  isAlive,
  nodeScript,
  processesRunning,
  shellScript,
  survivorsOf,
} from "../testing/hostRig.ts";
import { until } from "../testing/leftProcess.ts";

const patient = { timeout: 60_000 };
const megabyte = 1024 * 1024;
/** Everything here is promised with a PID namespace and without one; where bubblewrap is missing, one half is left out. */
const kinds = process.platform === "linux" ? containments() : [];

describe.for(kinds)("what a process prints (containment: %s)", (containment) => {
  test.for([1, 10, 100])("is handed on, cut at the cap, where one line has %i MB", patient, async (size) => {
    using rig = createHostRig(containment);
    const script = `const part = "x".repeat(${megabyte});
      for (let i = 0; i < ${size}; i++) process.stdout.write(part);
      process.stdout.write("\\nafter\\n");`;
    const { exit, stdout, survivors } = await rig.run(nodeScript(script), { maxLineBytes: megabyte });
    expect(exit).toEqual({ code: 0, swept: 0 });
    expect(stdout.map(({ text, dropped }) => [text.length, dropped])).toEqual([
      [megabyte, (size - 1) * megabyte],
      [5, 0],
    ]);
    expect(survivors).toEqual([]);
  });

  test("is handed on to its last line, which has no newline", patient, async () => {
    using rig = createHostRig(containment);
    const { stdout } = await rig.run(shellScript("printf 'one\\ntwo'"));
    expect(stdout.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  test("is decoded with care: bad bytes, a character in two writes, CRLF, NUL", patient, async () => {
    using rig = createHostRig(containment);
    const script = String.raw`printf 'a\377b\n'; printf '\342\202'; sleep 0.1; printf '\254\n'; printf 'c\r\nd\000e\n'`;
    const { stdout } = await rig.run(shellScript(script));
    expect(stdout.map(({ text }) => text)).toEqual(["a\uFFFDb", "€", "c", "d\0e"]);
  });

  test("is whole where 10 MB come by standard error", patient, async () => {
    using rig = createHostRig(containment);
    const script = `const line = "e".repeat(99) + "\\n"; process.stderr.write(line.repeat(100_000)); console.log("done");`;
    const { stdout, stderr } = await rig.run(nodeScript(script));
    expect(stderr).toHaveLength(100_000);
    expect(stderr.every(({ text }) => text.length === 99)).toBe(true);
    expect(stdout.map(({ text }) => text)).toEqual(["done"]);
  });

  test("is whole where it leaves at once after 2.5 MB, without waiting for anyone to read", patient, async () => {
    using rig = createHostRig(containment);
    const script = `process.stdout.write(("y".repeat(99) + "\\n").repeat(25_000)); process.exit(0);`;
    const { stdout, spool } = await rig.run(nodeScript(script));
    expect(stdout).toHaveLength(25_000);
    expect(readFileSync(spool.stdout).length).toBe(2_500_000);
  });

  test("is read while another process prints as fast as it can", patient, async () => {
    using rig = createHostRig(containment);
    const line = "f".repeat(1000);
    const flood = rig.start(
      nodeScript(`const part = ("${line}\\n").repeat(1000);
        for (let i = 0; i < 300 && !require("node:fs").existsSync("go"); i++) process.stdout.write(part);
        while (!require("node:fs").existsSync("go"));`),
    );
    await flood.heard("f");
    const quiet = await rig.run(shellScript("echo heard"));
    expect(quiet.stdout.map(({ text }) => text)).toEqual(["heard"]);
    writeFileSync(join(rig.folder, "go"), "");
    const { exit, stdout, spool } = await rig.finish(flood);
    expect(exit).toEqual({ code: 0, swept: 0 });
    expect(stdout).toHaveLength(readFileSync(spool.stdout).length / 1001);
    expect(stdout.every(({ text }) => text === line)).toBe(true);
  });

  test("is told to be incomplete where it cuts its own output file", patient, async () => {
    using rig = createHostRig(containment);
    const script = "echo first; while [ ! -e go ]; do sleep 0.05; done; echo second > /dev/stdout; echo third";
    const started = rig.start(shellScript(script));
    await started.heard("first");
    writeFileSync(join(rig.folder, "go"), "");
    const { stdout, stderr } = await rig.finish(started);
    expect(stdout.map(({ text }) => text)).toEqual(["first", "second", "third"]);
    expect(stderr.map(({ text }) => text)).toEqual([expect.stringContaining("cut its own output file")]);
  });
});

describe.for(kinds)("a process (containment: %s)", (containment) => {
  test("gets its input whole, however large, and an empty one where there is none", patient, async () => {
    using rig = createHostRig(containment);
    const counted = await rig.run(shellScript("wc -c"), { stdin: "z".repeat(3 * megabyte) });
    const nothing = await rig.run(shellScript("wc -c"));
    const unread = await rig.run(shellScript("exit 0"), { stdin: "z".repeat(3 * megabyte) });
    expect(counted.stdout[0]?.text.trim()).toBe(String(3 * megabyte));
    expect(nothing.stdout[0]?.text.trim()).toBe("0");
    expect(unread.exit).toEqual({ code: 0, swept: 0 });
  });

  test("sees exactly the environment given, the marker and its own TMPDIR", patient, async () => {
    using rig = createHostRig(containment);
    const { stdout, marker, privateDirectory } = await rig.run(["/usr/bin/env"], { env: { ONLY: "this" } });
    expect(stdout.map(({ text }) => text).toSorted()).toEqual([marker, "ONLY=this", `TMPDIR=${privateDirectory}/tmp`]);
  });

  test("ends with its exit code or its signal", patient, async () => {
    using rig = createHostRig(containment);
    expect((await rig.run(shellScript("exit 137"))).exit).toEqual({ code: 137, swept: 0 });
    expect((await rig.run(shellScript("kill -SEGV $$"))).exit).toEqual({ signal: "SIGSEGV", swept: 0 });
  });

  test.for([
    { name: "is missing", argv: ["/no/such/program"], code: "ENOENT" },
    { name: "is a folder", argv: ["/tmp"], code: "EACCES" },
    { name: "has a NUL in an argument", argv: ["/bin/echo", "a\0b"], code: "ERR_INVALID_ARG_VALUE" },
    { name: "has an argument over the kernel's bound", argv: ["/bin/echo", "x".repeat(200_000)], code: "E2BIG" },
    { name: "is not named", argv: [], code: "EINVAL" },
  ])("that cannot be started because it $name ends with the reason", patient, async ({ argv, code }) => {
    using rig = createHostRig(containment);
    const { exit, running, privateDirectory } = await rig.run(argv);
    expect(exit).toEqual({ spawnError: code, swept: 0 });
    expect(running.identity).toBeUndefined();
    expect(existsSync(privateDirectory)).toBe(false);
  });

  test("whose output cannot be kept ends with that reason, and not as if it were no program", patient, async () => {
    using rig = createHostRig(containment);
    const folder = join(rig.folder, "a file");
    writeFileSync(folder, "");
    const spool = { stdout: join(folder, "stdout"), stderr: join(folder, "stderr") };
    expect((await rig.run(["/bin/true"], { spool })).exit).toEqual({ spawnError: "RUN_FOLDER", swept: 0 });
    const { exit } = await rig.run(["/bin/true"], { privateDirectory: join(folder, "inside/private") });
    expect(exit).toEqual({ spawnError: "RUN_FOLDER", swept: 0 });
  });

  test("whose folder is missing ends with that reason", patient, async () => {
    using rig = createHostRig(containment);
    const { exit } = await rig.run(["/bin/true"], { cwd: "/no/such/folder" });
    expect(exit).toEqual({ spawnError: "CWD_MISSING", swept: 0 });
  });

  test("that never writes is ended by the ladder's first rung", patient, async () => {
    using rig = createHostRig(containment);
    const started = rig.start(["/bin/sleep", "1000"]);
    started.running.stop([{ signal: "SIGTERM", to: "process", waitMs: 30_000 }]);
    const { exit, stdout } = await rig.finish(started);
    expect(exit).toEqual({ signal: "SIGTERM", swept: 0 });
    expect(stdout).toEqual([]);
  });

  test("that ignores every polite signal is killed at the end of the ladder", patient, async () => {
    using rig = createHostRig(containment);
    const started = rig.start(shellScript("trap '' TERM INT HUP; echo ready; while :; do sleep 0.1; done"));
    await started.heard("ready");
    started.running.stop([
      { signal: "SIGINT", to: "process", waitMs: 50 },
      { signal: "SIGTERM", to: "group", waitMs: 50 },
    ]);
    const { exit, survivors } = await rig.finish(started);
    expect(exit.signal).toBe("SIGKILL");
    expect(survivors).toEqual([]);
  });

  test("is ended by a second ladder that replaces the rest of a patient one", patient, async () => {
    using rig = createHostRig(containment);
    const started = rig.start(shellScript("trap '' TERM; echo ready; while :; do sleep 0.1; done"));
    await started.heard("ready");
    started.running.stop([{ signal: "SIGTERM", to: "process", waitMs: 3_600_000 }]);
    started.running.stop([{ signal: "SIGKILL", to: "group", waitMs: 0 }]);
    const { exit } = await rig.finish(started);
    expect(exit.signal).toBe("SIGKILL");
  });

  test("can be stopped again after its end without harm", patient, async () => {
    using rig = createHostRig(containment);
    const { exit, running } = await rig.run(["/bin/true"]);
    running.stop([{ signal: "SIGKILL", to: "group", waitMs: 0 }]);
    expect(exit).toEqual({ code: 0, swept: 0 });
  });
});

describe.for(kinds)("what a process leaves behind (containment: %s)", (containment) => {
  test.for([
    { name: "in a session of its own", script: "setsid sleep 1000 & sleep 0.2" },
    { name: "by a double fork", script: "(setsid sh -c 'sleep 1000 & sleep 1001 &' &) ; sleep 0.3" },
    { name: "that holds its output open", script: "sleep 1000 & echo ok" },
    { name: "that ignores SIGTERM", script: "(trap '' TERM; sleep 1000 & while :; do sleep 1; done) & sleep 0.2" },
    { name: "with an empty environment, in its session", script: "env -i sleep 1000 & sleep 0.2" },
  ])("$name is gone when it has ended", patient, async ({ script }) => {
    using rig = createHostRig(containment);
    const { exit, survivors } = await rig.run(shellScript(`${script}; echo end`));
    expect(exit.code).toBe(0);
    expect(exit.swept).toBeGreaterThan(0);
    expect(survivors).toEqual([]);
  });

  test(
    "is found without marker and session too, where it still descended from it when it was stopped",
    patient,
    async () => {
      using rig = createHostRig(containment);
      const words = ["sleep", String(1000 + Math.random())];
      const started = rig.start(shellScript(`env -i setsid sh -c 'echo child; exec ${words.join(" ")}' & wait`));
      await started.heard("child");
      await until(() => processesRunning(words).length === 1);
      started.running.stop([{ signal: "SIGKILL", to: "group", waitMs: 0 }]);
      const { exit } = await rig.finish(started);
      expect(exit).toEqual({ signal: "SIGKILL", swept: 1 });
      expect(processesRunning(words)).toEqual([]);
    },
  );

  test("is gone where it starts itself again whenever it is asked to end", patient, async () => {
    using rig = createHostRig(containment);
    const guard = `const { spawn } = require("node:child_process");
      const again = () => spawn(process.execPath, ["-e", process.env.GUARD], { detached: true, stdio: "inherit" });
      process.on("SIGTERM", () => { again(); process.exit(); });
      console.log("guard " + process.pid);
      setInterval(() => {}, 1000);`;
    const starter = `const { spawn } = require("node:child_process");
      const guard = spawn(process.execPath, ["-e", process.env.GUARD], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
      guard.stdout.on("data", () => process.exit(0));`;
    const { exit, survivors } = await rig.run(nodeScript(starter), { env: { GUARD: guard } });
    expect(exit.code).toBe(0);
    expect(exit.swept).toBeGreaterThan(0);
    expect(survivors).toEqual([]);
  });

  test("is gone where each process lives for a moment only and starts the next", patient, async () => {
    using rig = createHostRig(containment);
    const files = { "chain.sh": 'echo x >> lives; [ -e enough ] || /bin/sh "$1" "$1" &\n' };
    const script = 'cp "$TMPDIR/../chain.sh" .; setsid /bin/sh ./chain.sh ./chain.sh & sleep 0.2; echo end';
    const { exit, survivors, marker } = await rig.run(shellScript(script), { files });
    expect(exit.code).toBe(0);
    // One look may fall between two lives: a hundred, and no further life recorded, leave no doubt.
    const lives = readFileSync(join(rig.folder, "lives")).length;
    for (let look = 0; look < 100; look++) expect(survivorsOf(marker)).toEqual([]);
    expect(readFileSync(join(rig.folder, "lives"))).toHaveLength(lives);
    expect(lives).toBeGreaterThan(20);
    expect(survivors).toEqual([]);
  });

  test("is gone where it is a crowd that multiplies", patient, async () => {
    using rig = createHostRig(containment);
    const files = {
      "grow.sh":
        '[ "$2" -gt 5 ] && sleep 1000\n/bin/sh "$1" "$1" $(($2+1)) &\n/bin/sh "$1" "$1" $(($2+1)) &\nsleep 1000\n',
    };
    const script = 'cp "$TMPDIR/../grow.sh" ./grow.sh; setsid /bin/sh ./grow.sh ./grow.sh 1 & sleep 0.1; echo end';
    const { exit, survivors } = await rig.run(shellScript(script), { files });
    expect(exit.code).toBe(0);
    expect(survivors).toEqual([]);
  });

  test("does not concern the processes of another attempt", patient, async () => {
    using rig = createHostRig(containment);
    const other = rig.start(shellScript("setsid sleep 1000 & echo ready; wait"));
    await other.heard("ready");
    await rig.run(shellScript("setsid sleep 1000 & sleep 0.1"));
    expect(isAlive(other.running.identity?.pid ?? 0)).toBe(true);
    other.running.stop([{ signal: "SIGKILL", to: "group", waitMs: 0 }]);
    expect((await rig.finish(other)).survivors).toEqual([]);
  });

  test(
    "is killed at once, with the processes themselves, where the program must end without settling",
    patient,
    async () => {
      using rig = createHostRig(containment);
      const started = rig.start(shellScript("setsid sleep 1000 & echo ready; wait"));
      await started.heard("ready");
      rig.host.killEverythingNow();
      const { exit, survivors } = await rig.finish(started);
      expect(exit.signal).toBe("SIGKILL");
      expect(survivors).toEqual([]);
    },
  );
});
