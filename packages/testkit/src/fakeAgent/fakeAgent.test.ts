import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answeringScript } from "./claudeLines.ts";
import { openFakeControl } from "./fakeControl.ts";
import { installFakeAgent } from "./program.ts";
import { environmentFor, promptFor, type FakeScript, type StartFacts } from "./script.ts";

let folder: string;
let program: string;
let started: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fake agent "));
  program = installFakeAgent(join(folder, "bin"));
  started = [];
});

afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface StartOptions {
  readonly script?: FakeScript;
  readonly args?: readonly string[];
  readonly stdin?: string;
}

function start({ script, args = [], stdin = "" }: StartOptions) {
  const env = { PATH: process.env["PATH"] ?? "", ...(script === undefined ? {} : environmentFor(script)) };
  const child = spawn(program, args, { env, cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
  started.push(child);
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const ended = (event: "exit" | "close") =>
    new Promise<Ended>((resolve) => {
      child.once(event, (code, signal) => {
        resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
      });
    });
  return { child, closed: ended("close"), exited: ended("exit") };
}

function runToEnd(options: StartOptions): Promise<Ended> {
  return start(options).closed;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** As printed by the fake agent, one JSON value a line. */
function types(stdout: Buffer): readonly string[] {
  return stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
}

describe("where the script comes from", () => {
  test("without a script it answers like Claude Code, whatever its flags", async () => {
    const ended = await runToEnd({ args: ["-p", "hi", "--output-format", "stream-json", "--verbose", "--model", "x"] });
    expect(types(ended.stdout)).toEqual(["system", "assistant", "result"]);
    expect(ended.code).toBe(0);
  });

  test("a prompt may carry it, as an argument or on standard input", async () => {
    const prompt = promptFor([{ do: "print", text: "from the prompt" }]);
    const byArgument = await runToEnd({ args: ["-p", prompt, "--verbose"] });
    const byInput = await runToEnd({ args: ["-p", "--verbose"], stdin: prompt });
    expect([byArgument.stdout.toString(), byInput.stdout.toString()]).toEqual(["from the prompt", "from the prompt"]);
  });

  test("asked for its version it says the version of the CLI it stands for", async () => {
    expect((await runToEnd({ args: ["--version"] })).stdout.toString()).toBe("2.1.330 (Claude Code)\n");
  });
});

describe("what it prints", () => {
  test("a script of lines gives those lines and exit code 0", async () => {
    const ended = await runToEnd({ script: answeringScript("done") });
    expect(types(ended.stdout)).toEqual(["system", "assistant", "result"]);
    expect(ended.code).toBe(0);
  });

  test("bytes come out as they are, on either stream", async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x0a]);
    const ended = await runToEnd({
      script: [
        { do: "bytes", base64: bytes.toString("base64") },
        { do: "print", text: "to stderr", to: "stderr" },
      ],
    });
    expect(ended.stdout).toEqual(bytes);
    expect(ended.stderr).toBe("to stderr");
  });

  test("a line of megabytes is complete although the exit follows at once", async () => {
    const ended = await runToEnd({
      script: [
        { do: "fill", count: 3_000_001, character: "y" },
        { do: "exit", code: 3 },
      ],
    });
    expect([ended.stdout.length, ended.code]).toEqual([3_000_001, 3]);
  });

  test("repeated steps carry their number", async () => {
    const ended = await runToEnd({ script: [{ do: "repeat", times: 3, steps: [{ do: "print", text: "{{n}};" }] }] });
    expect(ended.stdout.toString()).toBe("0;1;2;");
  });
});

describe("how it ends", () => {
  test("it can kill itself by a signal", async () => {
    const ended = await runToEnd({ script: [{ do: "signal", signal: "SIGKILL" }] });
    expect(ended.signal).toBe("SIGKILL");
  });

  test("a signal with steps of its own does not end it", async () => {
    const go = join(folder, "go");
    const { child, closed } = start({
      script: [
        { do: "on-signal", signal: "SIGTERM", steps: [{ do: "touch", path: go }] },
        { do: "print", text: "ready, " },
        { do: "wait-for-file", path: go },
        { do: "print", text: "still here" },
      ],
    });
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect((await closed).stdout.toString()).toBe("ready, still here");
  });

  test("a once step takes its first branch once, in whichever process", async () => {
    const script: FakeScript = [
      {
        do: "once",
        path: join(folder, "been-here"),
        first: [{ do: "exit", code: 7 }],
        then: [{ do: "print", text: "second" }],
      },
    ];
    expect((await runToEnd({ script })).code).toBe(7);
    expect((await runToEnd({ script })).stdout.toString()).toBe("second");
  });
});

describe("what it leaves behind", () => {
  test.each(["child", "session", "orphan"] as const)("a %s process outlives it", async (how) => {
    const pidFile = join(folder, "pid");
    await runToEnd({ script: [{ do: "fork", how, pidFile }] });
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
  });

  test("a process that holds the output keeps it open after the exit", async () => {
    const pidFile = join(folder, "pid");
    const { closed, exited } = start({ script: [{ do: "fork", how: "holding", pidFile }] });
    let isClosed = false;
    void closed.then(() => (isClosed = true));
    await exited;
    expect(isClosed).toBe(false);
    process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
    await closed;
  });
});

test("it reports what it was started with", async () => {
  const path = join(folder, "facts.json");
  await runToEnd({ script: [{ do: "report", path }], args: ["a b", "--flag"], stdin: "typed" });
  const facts = JSON.parse(readFileSync(path, "utf8")) as StartFacts;
  expect(facts).toMatchObject({ argv: ["a b", "--flag"], stdin: "typed" });
  expect(Object.keys(facts.env)).toContain("FAKE_AGENT_SCRIPT");
});

describe("led over a socket", () => {
  test("it takes one step after the other and ends when dismissed", async () => {
    await using control = await openFakeControl();
    const { closed } = start({ script: [...control.script("a"), { do: "print", text: " after" }] });
    const agent = await control.agent("a");
    await agent.take({ do: "print", text: "one" }, { do: "print", text: " two" });
    agent.dismiss();
    expect((await closed).stdout.toString()).toBe("one two after");
  });

  test("a step that ends it counts as taken", async () => {
    await using control = await openFakeControl();
    const { closed } = start({ script: control.script("b") });
    const agent = await control.agent("b");
    await agent.take({ do: "exit", code: 9 });
    await agent.ended;
    expect((await closed).code).toBe(9);
  });
});
