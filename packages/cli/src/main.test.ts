import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { foldRun } from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { compileCache } from "@claude-orchestrator/testkit";
import { makeFolder } from "./testing/folder.ts";

const main = join(import.meta.dirname, "main.ts");
/** Nothing of the machine's own environment but what a program needs to be found. */
const environment = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", ...compileCache };

interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

function program(cwd: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    cwd,
    env: { ...environment, ...env },
    encoding: "utf8",
  });
  return { code: status, out: stdout, talk: stderr };
}

const fleet = `
name: tiny
budget: { tokens: 1000 }
instances:
  - name: one
    run: echo hello; echo trouble >&2
  - name: two
    needs: [one]
    run: [echo, "got \${{ needs.one.result }}"]
  - name: three
    run: echo reason >&2; exit 3
  - name: four
    needs: [three]
    run: [echo, never]
`;

const good = `
name: good
instances:
  - { name: only, run: [echo, fine] }
`;

describe("a fleet of programs of one's own", () => {
  test("runs to its end, tells each verdict, keeps its files, and can be looked at again", () => {
    using folder = makeFolder({ "tiny.yaml": fleet });
    const run = program(folder.path, ["run", "tiny.yaml", "--junit", "junit.xml", "--markdown", "report.md"]);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/^✗ tiny failed in [\d.]+s: 2 succeeded, 1 failed, 1 skipped$/m);
    expect(run.out).toContain("got hello");
    expect(run.out).toContain("four skipped: it needs `three`, which failed");
    expect(run.talk).toContain("two  started (command)");
    const [id = ""] = readdirSync(join(folder.path, ".orchestrator/runs"));
    const result: unknown = JSON.parse(
      readFileSync(join(folder.path, ".orchestrator/runs", id, "result.json"), "utf8"),
    );
    expect(result).toMatchObject({
      run: id,
      status: "failed",
      exit_code: 1,
      instances: [{ name: "one", result: "hello" }, {}, {}, {}],
    });
    expect(readFileSync(join(folder.path, "junit.xml"), "utf8")).toContain('failures="1"');
    expect(readFileSync(join(folder.path, "report.md"), "utf8")).toContain("| two | ✓ succeeded |");
    expect(program(folder.path, ["show", "latest"]).out).toBe(run.out);
    expect(program(folder.path, ["show", "latest", "two"]).out).toBe("got hello\n");
    expect(program(folder.path, ["logs", "latest", "three", "--stderr"]).out).toBe("reason\n");
    expect(program(folder.path, ["logs", "latest", "one", "--follow"]).out).toBe("hello\n");
    expect(JSON.parse(program(folder.path, ["runs", "list", "--json"]).out)).toMatchObject([
      { run: id, status: "failed" },
    ]);
    expect(readFileSync(join(folder.path, ".orchestrator/.gitignore"), "utf8")).toBe("*\n");
  });

  test("tells every event as JSON on standard output, and nothing else there", () => {
    using folder = makeFolder({ "tiny.yaml": fleet });
    const run = program(folder.path, ["run", "tiny.yaml", "--json"]);
    const events = run.out
      .split("\n")
      .slice(0, -1)
      .map((each) => JSON.parse(each) as LoggedEvent);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_each, at) => at + 1));
    expect(foldRun(events)?.phase).toMatchObject({ status: "settled", exitCode: 1 });
    expect(run.talk).toContain("tiny failed");
  });

  test("says one line with --quiet, and exits with 0 where all is well", () => {
    using folder = makeFolder({ "good.yaml": good });
    const run = program(folder.path, ["run", "good.yaml", "--quiet"]);
    expect(run).toEqual({
      code: 0,
      out: expect.stringMatching(/^✓ good succeeded in [\d.]+s: 1 succeeded\n$/),
      talk: "",
    });
  });

  test("writes annotations and a step summary in GitHub Actions", () => {
    using folder = makeFolder({ "tiny.yaml": fleet });
    const run = program(folder.path, ["run", "tiny.yaml", "--quiet"], {
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: join(folder.path, "summary.md"),
    });
    expect(run.talk).toContain("::error title=three failed::it exited with code 3");
    expect(readFileSync(join(folder.path, "summary.md"), "utf8")).toContain("### ✗ tiny failed");
  });
});

/** Answers like Claude Code, with what it was told to say. */
function fakeClaude(result: object, exitCode: number): string {
  const said = JSON.stringify({ type: "result", session_id: "s", num_turns: 1, total_cost_usd: 0, ...result });
  return `#!/bin/sh\nif [ "$1" = --version ]; then echo "2.1.330 (Claude Code)"; exit; fi\necho '${said}'\nexit ${exitCode}\n`;
}

describe.skipIf(process.platform === "win32")("a run of one bare prompt", () => {
  function ask(claude: string, ...flags: readonly string[]): Answer {
    using folder = makeFolder({ claude });
    chmodSync(join(folder.path, "claude"), 0o700);
    return program(folder.path, ["run", "Say hi", "--agent-path", `claude=${folder.path}/claude`, ...flags]);
  }
  const answering = fakeClaude({ subtype: "success", is_error: false, result: "hi" }, 0);
  const failing = fakeClaude({ subtype: "success", is_error: true, result: "API Error: 400 the prompt is bad" }, 1);

  test("prints the answer, and nothing else, on standard output", () => {
    expect(ask(answering)).toMatchObject({ code: 0, out: "hi\n" });
    expect(ask(answering, "--quiet")).toEqual({ code: 0, out: "hi\n", talk: "" });
  });

  test.each([[[]], [["--quiet"]]])(
    "that fails prints nothing there, and why it failed once beside it (%j)",
    (flags) => {
      const { code, out, talk } = ask(failing, ...flags);
      expect({ code, out, said: talk.split("the prompt is bad").length - 1 }).toEqual({ code: 1, out: "", said: 1 });
      expect(talk).toContain("✗ Say hi failed: API Error: 400 the prompt is bad\n");
    },
  );

  test("that fails is told as it happens where the events are on standard output", () => {
    const { talk } = ask(failing, "--json");
    expect(talk).toMatch(/Say hi {2}✗ failed .*: API Error: 400 the prompt is bad/);
  });
});

test("on a Node that is too old says what to do, in a sentence, and still tells its version", () => {
  const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })";
  const words = ["--import", `data:text/javascript,${encodeURIComponent(old)}`, main];
  const ask = (word: string) => spawnSync(process.execPath, [...words, word], { env: environment, encoding: "utf8" });
  const refused = ask("run");
  expect([refused.status, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toMatch(
    /^error: claude-orchestrator needs Node 22\.22 or newer .* this is Node 20\.20\.2 .*\n\nhint: .*\n$/,
  );
  expect(ask("--version").stdout).toMatch(/^claude-orchestrator /);
});

describe("a mistake", () => {
  test("in the file is told whole, with its place, and starts nothing", () => {
    using folder = makeFolder({
      "bad.yaml": "instances:\n  - nmae: a\n    prompt: x\n  - name: b\n    agent: cluade\n    prompt: y\n",
    });
    const run = program(folder.path, ["run", "bad.yaml"]);
    expect(run.code).toBe(2);
    expect(run.talk).toContain("bad.yaml:2:5");
    expect(run.talk).toContain("did you mean `name`?");
    expect(run.talk).toContain("did you mean `claude`?");
    expect(existsSync(join(folder.path, ".orchestrator"))).toBe(false);
  });

  test("in a program's name, a folder or a slash command is told before anything costs", () => {
    using folder = makeFolder({ ".claude/commands/review.md": "Review" });
    const missing = program(folder.path, [
      "run",
      "/reveiw x",
      "--agent-path",
      "claude=/nowhere/claude",
      "--workspace",
      ".",
    ]);
    expect(missing.code).toBe(2);
    expect(missing.talk).toContain("2 problems, so nothing was started:");
    expect(missing.talk).toContain("No `claude` program was found");
    expect(missing.talk).toContain("did you mean `/review`?");
    const folderless = program(folder.path, [
      "run",
      "Say hi",
      "--workspace",
      "nope",
      "--agent-path",
      "claude=/nowhere/claude",
    ]);
    expect(folderless.talk).toMatch(/the workspace `.*nope` does not exist/);
    expect(existsSync(join(folder.path, ".orchestrator"))).toBe(false);
  });

  test("before the start is told in one go, whatever room it was found in", () => {
    const text = "instances: [{ name: a, command: /reveiw, cwd: nope, settings: nofile.json, add_dirs: [lib] }]";
    using folder = makeFolder({ "f.yaml": text, ".claude/commands/review.md": "Review" });
    const { code, talk } = program(folder.path, ["run", "f.yaml", "--agent-path", "claude=/nowhere/claude"]);
    expect(code).toBe(2);
    expect(talk).toContain("5 problems, so nothing was started:");
    expect(talk).toContain("nope` of instance `a` (cwd) does not exist");
    for (const part of ["No `claude` program", "(settings)", "(add_dirs)", "`/reveiw`"]) expect(talk).toContain(part);
  });

  test("on the command line exits with 2 and says the next step", () => {
    using folder = makeFolder();
    expect(program(folder.path, ["run", "nope.yaml"])).toEqual({
      code: 2,
      out: "",
      talk: expect.stringMatching(/^error: There is no file `nope.yaml`\n\nhint: /),
    });
  });
});

describe("looking without running", () => {
  test("plan shows the graph and the exact words, and writes nothing", () => {
    using folder = makeFolder({ "tiny.yaml": fleet });
    const plan = program(folder.path, ["plan", "tiny.yaml"]);
    expect(plan.code).toBe(0);
    expect(plan.out).toContain("runs    /bin/sh -c 'exit 3'".replace("exit 3", "echo reason >&2; exit 3"));
    expect(plan.out).toContain("run: 1.0K tokens, then block");
    expect(program(folder.path, ["run", "tiny.yaml", "--dry-run"]).out).toBe(plan.out);
    expect(existsSync(join(folder.path, ".orchestrator"))).toBe(false);
  });

  test("plan names what every process gets, and marks what is made only at the start", () => {
    using folder = makeFolder();
    const { out } = program(folder.path, ["plan", "Say hi"]);
    expect(out).toMatch(/env .*CLAUDE_ORCHESTRATOR_ATTEMPT_<run>.* TMPDIR/);
    expect(out).toContain("'--session-id=<new session id>'");
    expect(out).not.toContain("00000000-0000");
  });

  test("init writes a file that plan accepts, and never writes over one", () => {
    using folder = makeFolder();
    expect(program(folder.path, ["init"]).code).toBe(0);
    expect(program(folder.path, ["init"]).talk).toContain("hint: write over it with `--force`");
    const plan = JSON.parse(program(folder.path, ["plan", "orchestrator.yaml", "--json"]).out) as {
      instances: unknown[];
    };
    expect(plan.instances).toMatchObject([
      { name: "correctness" },
      { name: "security" },
      { name: "summary", level: 2 },
    ]);
  });

  test("commands inspect shows broken front matter instead of failing", () => {
    using folder = makeFolder({ ".claude/commands/odd.md": "---\n- a list\n---\nDo it" });
    const inspected = program(folder.path, ["--inspect-command", "/odd with arguments"]);
    expect(inspected.code).toBe(0);
    expect(inspected.out).toContain("problem    line 2 of its front matter is not `key: value`: - a list");
    expect(program(folder.path, ["--list-commands"]).out).toContain("/odd");
  });

  test("doctor answers without reading a secret", () => {
    using folder = makeFolder();
    const doctor = program(folder.path, ["doctor", "--json"], { ANTHROPIC_API_KEY: "sk-very-secret-value" });
    expect(JSON.parse(doctor.out)).toHaveProperty("findings");
    expect(doctor.out + doctor.talk).not.toContain("sk-very-secret-value");
  });
});

describe("a closed pipe", () => {
  test("ends the printing quietly while the run goes on to its end", async () => {
    using folder = makeFolder({ "good.yaml": good });
    const child = spawn(process.execPath, [main, "run", "good.yaml", "--json"], { cwd: folder.path, env: environment });
    child.stdout.destroy();
    let talk = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (talk += text));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, talk }).toEqual({ code: 0, talk: expect.stringContaining("good succeeded") });
    expect(talk).not.toContain("error");
    expect(JSON.parse(program(folder.path, ["runs", "list", "--json"]).out)).toMatchObject([{ status: "succeeded" }]);
  });
});

describe("an interruption", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("by %s stops politely, settles, prints the summary and exits with %i", async (signal, code) => {
    using folder = makeFolder({ "slow.yaml": "instances:\n  - { name: sleeper, run: [sleep, '600'] }\n" });
    const child = spawn(process.execPath, [main, "run", "slow.yaml"], { cwd: folder.path, env: environment });
    let out = "";
    let talk = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    const started = Promise.withResolvers<void>();
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      talk += text;
      if (talk.includes("sleeper  started")) started.resolve();
    });
    await started.promise;
    child.kill(signal);
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(code);
    expect(out).toContain("slow stopped");
    expect(out).toContain("sleeper stopped: ");
  });

  test.skipIf(process.platform === "win32")("twice forces what does not want to end", async () => {
    const stubborn =
      "instances:\n  - name: stubborn\n    run: trap '' TERM INT; echo ready; while true; do sleep 1; done\n";
    using folder = makeFolder({ "slow.yaml": stubborn });
    const child = spawn(process.execPath, [main, "run", "slow.yaml", "--verbose"], {
      cwd: folder.path,
      env: environment,
    });
    let talk = "";
    const seen = new Map([
      ["says: ready", "SIGINT"],
      ["stubborn  stopping", "SIGINT"],
    ] as const);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      talk += text;
      for (const [words, signal] of seen) {
        if (!talk.includes(words)) continue;
        seen.delete(words);
        child.kill(signal);
      }
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
    expect(talk).toContain("stopping by force: asked by SIGINT");
  });
});
