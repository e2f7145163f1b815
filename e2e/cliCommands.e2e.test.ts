import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { claudePath, createRig } from "./rig.ts";

describe("help and version", () => {
  test("--version is one line, -V is the same", async () => {
    await using rig = await createRig();
    const [long, short] = await Promise.all([rig.command(["--version"]), rig.command(["-V"])]);
    expect(long).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^claude-orchestrator \d+\.\d+\.\d+\n$/) });
    expect(short.stdout).toBe(long.stdout);
  });

  test("--help goes to standard output with examples and exit codes; every command has help with an example", async () => {
    await using rig = await createRig();
    const { stdout, stderr, exitCode } = await rig.command(["--help"]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    for (const words of ["Examples:", "Exit codes:", "130"]) expect(stdout).toContain(words);
    const names = [
      "run",
      "plan",
      "init",
      "examples",
      "runs list",
      "show",
      "logs",
      "doctor",
      "agents",
      "commands list",
      "schema",
      "completion",
    ];
    for (const name of names) {
      const help = await rig.command([...name.split(" "), "--help"]);
      expect(help).toMatchObject({
        exitCode: 0,
        stderr: "",
        stdout: expect.stringContaining(`Examples:\n  claude-orchestrator ${name}`),
      });
    }
  });

  test.each([
    [["rnu"], "did you mean `run`"],
    [["run", "--cocurrency", "3", "x"], "did you mean `--concurrency`"],
    [["run", "--concurrency", "none", "Say hello"], "--concurrency"],
    [["run", "--timeout", "soon", "Say hello"], "--timeout"],
    [["run", "--timeout", "0", "Say hello"], "--timeout"],
    [["show"], "RUN"],
    [["completion", "tcsh"], "tcsh"],
  ])("a mistake in the command line is exit 2 with a hint: %j", async (args, says) => {
    await using rig = await createRig();
    const { exitCode, stdout, stderr } = await rig.command(args);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: expect.stringContaining(says) });
    expect(rig.exists(".orchestrator")).toBe(false);
  });
});

describe("plan", () => {
  const config = {
    budget: { tokens: 1000 },
    instances: [
      { name: "ask", prompt: "Say hello", model: "haiku", env: { TOKEN: "very-secret-value" } },
      { name: "check", agent: "command", run: ["echo", "${{ needs.ask.result }}"], needs: "ask" },
    ],
  };

  test("shows the graph, each argv and the names in its environment, and starts nothing", async () => {
    await using rig = await createRig({ config });
    const { exitCode, stdout } = await rig.command(["plan", "fleet.json"]);
    expect(exitCode).toBe(0);
    for (const words of ["ask", "check", "--output-format=stream-json", "TOKEN", "echo"])
      expect(stdout).toContain(words);
    expect(stdout).not.toContain("very-secret-value");
    expect({ folder: rig.exists(".orchestrator"), requests: rig.model.requests() }).toEqual({
      folder: false,
      requests: [],
    });
    const dry = await rig.command(["run", "fleet.json", "--dry-run"]);
    expect(dry.stdout).toBe(stdout);
  });

  test("is JSON on request", async () => {
    await using rig = await createRig({ config });
    const { stdout } = await rig.command(["plan", "fleet.json", "--json"]);
    expect(stdout).not.toContain("very-secret-value");
    expect(JSON.parse(stdout)).toMatchObject({
      problems: [],
      instances: [{ name: "ask" }, { name: "check", level: 2 }],
    });
  });

  test("names a missing program with where it was looked for and how to install it", async () => {
    await using rig = await createRig({ config: { instances: [{ name: "a", agent: "gemini", prompt: "Go" }] } });
    const { exitCode, stderr } = await rig.command(["run", "fleet.json"]);
    expect(exitCode).toBe(2);
    for (const words of ["gemini", "npm install", "--agent-path gemini=", "/usr/bin"]) expect(stderr).toContain(words);
    expect(rig.exists(".orchestrator")).toBe(false);
  });
});

test("init writes a file that plan accepts, and never writes over one", async () => {
  await using rig = await createRig();
  expect(await rig.command(["init"])).toMatchObject({ exitCode: 0, stdout: "" });
  const plan = await rig.command(["plan", "orchestrator.yaml", "--agent-path", `claude=${claudePath}`]);
  expect(plan).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("claude") });
  expect(await rig.command(["init"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("already there") });
});

test("every example is a file that plan accepts", async () => {
  await using rig = await createRig({
    files: {
      ".claude/commands/review.md": "Review\n",
      "agents/codex": "#!/bin/sh\necho codex-cli 0.169.0\n",
      "agents/gemini": "#!/bin/sh\necho 0.61.0\n",
      "agents/opencode": "#!/bin/sh\necho 1.18.33\n",
    },
  });
  const list = JSON.parse((await rig.command(["examples", "--json"])).stdout) as readonly { readonly name: string }[];
  expect(list.length).toBeGreaterThanOrEqual(5);
  const paths = ["codex", "gemini", "opencode"].flatMap((name) => [
    "--agent-path",
    `${name}=${rig.path(`agents/${name}`)}`,
  ]);
  const refused: Record<string, string> = {};
  for (const { name } of list) {
    await rig.command(["examples", name, "--write"]);
    const { exitCode, stderr } = await rig.command(["plan", `${name}.yaml`, ...paths]);
    if (exitCode !== 0) refused[name] = stderr;
  }
  expect(refused).toEqual({});
});

test("doctor looks at the machine without a key being told, and is content", async () => {
  await using rig = await createRig();
  const { exitCode, stdout } = await rig.command(["doctor", "--agent-path", `claude=${claudePath}`]);
  expect(exitCode).toBe(0);
  for (const words of ["claude", "2.1.330", "Runs can work"]) expect(stdout).toContain(words);
  expect(stdout).not.toContain("sk-ant");
});

describe("completion", () => {
  test.each([
    ["bash", "complete "],
    ["zsh", "#compdef"],
    ["fish", "complete -c claude-orchestrator"],
    ["pwsh", "Register-ArgumentCompleter"],
  ])("for %s knows commands and flags", async (shell, says) => {
    await using rig = await createRig();
    const { exitCode, stdout } = await rig.command(["completion", shell]);
    expect(exitCode).toBe(0);
    for (const words of [says, "doctor", "concurrency"]) expect(stdout).toContain(words);
  });

  test("for bash completes what is typed", async () => {
    await using rig = await createRig({ files: { "nightly.yaml": "" } });
    const { stdout: script } = await rig.command(["completion", "bash"]);
    const complete = (...words: readonly string[]): readonly string[] => {
      const typed = [...words].map((word) => `'${word}'`).join(" ");
      const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _claude_orchestrator; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = spawnSync("bash", ["--norc", "-c", `${script}\n${ask}`], {
        cwd: rig.folder,
        encoding: "utf8",
        env: rig.environment,
        stdio: ["ignore", "pipe", "inherit"],
      });
      return stdout.trimEnd().split("\n");
    };
    expect(complete("claude-orchestrator", "doc")).toEqual(["doctor"]);
    expect(complete("claude-orchestrator", "run", "--concur")).toEqual(["--concurrency"]);
    expect(complete("claude-orchestrator", "run", "night")).toEqual(["nightly.yaml"]);
  });
});

test("slash commands of the workspace are listed and shown, broken front matter included", async () => {
  await using rig = await createRig({
    files: {
      ".claude/commands/review.md": "---\ndescription: Reviews it\n---\nReview $ARGUMENTS\n",
      ".claude/commands/git/tidy.md": "Tidy up\n",
      ".claude/commands/broken.md": "---\n: [\n---\nStill here\n",
      ".claude/skills/count/SKILL.md": "---\nname: count\ndescription: Counts\n---\nCount\n",
    },
  });
  const list = await rig.command(["commands", "list"]);
  for (const words of ["/review", "Reviews it", "/git:tidy", "/count", "broken"]) expect(list.stdout).toContain(words);
  const one = await rig.command(["commands", "inspect", "/review", "src"]);
  expect(one).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Review $ARGUMENTS") });
  expect((await rig.command(["commands", "inspect", "/revew"])).stderr).toContain("did you mean `/review`");
});
