/**
 * `npm start`: runs examples/quickstart.yaml with the real, pinned Claude Code CLI against a stand-in for the model, so that
 * it needs no key and costs nothing. Works in a scratch copy of the sample workspace; the run's files are in .orchestrator/.
 * Exit code: that of the run.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { startModelApi } from "@claude-orchestrator/testkit";
import { root, runTool } from "./lib/command.ts";

const note = "the model is a stand-in on this machine: its answers are scripted, its tokens and costs are made up";

process.exitCode = await start();

async function start(): Promise<number> {
  const claude = pinnedClaude();
  if (claude === undefined) {
    say(`The pinned Claude Code is not installed for ${process.platform}-${process.arch}: run \`npm ci\` first`);
    return 2;
  }
  const built = await runTool("node", ["scripts/build.ts"]);
  if (built.code !== 0) {
    say(`The program could not be built:\n${built.output}`);
    return 70;
  }
  say(
    "The agents are the real Claude Code CLI; the model is a stand-in on this machine, and its answers are scripted.\n",
  );
  const scratch = scratchCopy();
  await using model = await startModelApi({ scenario: "demo" });
  const code = await ended(run(claude, scratch, model.url));
  rmSync(scratch.home, { recursive: true, force: true, maxRetries: 5 });
  say(afterwards(scratch));
  return code;
}

interface Scratch {
  readonly file: string;
  readonly workspace: string;
  readonly home: string;
}

/** The agents write into the copy, and the clone stays clean. The copy is left for the person to look at. */
function scratchCopy(): Scratch {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator-quickstart-"));
  for (const name of ["quickstart.yaml", "quickstart-workspace"]) {
    cpSync(path.join(root, "examples", name), path.join(folder, name), { recursive: true });
  }
  const home = path.join(folder, "home");
  mkdirSync(home);
  // Written by a run in the clone itself; here it would be a result that nobody of this run has made.
  rmSync(path.join(folder, "quickstart-workspace", "REPORT.md"), { force: true });
  return { file: path.join(folder, "quickstart.yaml"), workspace: path.join(folder, "quickstart-workspace"), home };
}

function run(claude: string, scratch: Scratch, modelUrl: string): ChildProcess {
  const words = ["run", scratch.file, "--agent-path", `claude=${claude}`, "--demo-note", note];
  return spawn(process.execPath, [path.join(root, "dist/cli.mjs"), ...words], {
    cwd: root,
    env: environment(scratch.home, modelUrl),
    stdio: "inherit",
  });
}

/** Built from nothing: no key, no sign-in and no setting of the person's own reaches the demo. */
function environment(home: string, modelUrl: string): NodeJS.ProcessEnv {
  const taken = ["TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "CI", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];
  return {
    ...Object.fromEntries(
      taken.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    PATH: [path.dirname(process.execPath), process.env["PATH"] ?? ""].join(path.delimiter),
    HOME: home,
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: "no-key-is-needed-for-the-demo",
  };
}

/**
 * The exit code, by a shell's rule where a signal ended it. Ctrl-C reaches the run from the terminal, and asks it to settle:
 * we only wait. Without a terminal, and for SIGTERM, we hand the signal on.
 */
function ended(child: ChildProcess): Promise<number> {
  const isFromTerminal = process.stdin.isTTY;
  process.on("SIGINT", () => {
    if (!isFromTerminal) child.kill("SIGINT");
  });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve) => {
    child.once("error", (error) => {
      say(error.message);
      resolve(70);
    });
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** The native program of the pinned version: npm installs the package of this platform only. */
function pinnedClaude(): string | undefined {
  const program = process.platform === "win32" ? "claude.exe" : "claude";
  const platform = `${process.platform}-${process.arch}`;
  return [platform, `${platform}-musl`]
    .map((name) => path.join(root, "node_modules/@anthropic-ai", `claude-code-${name}`, program))
    .find((file) => existsSync(file));
}

function afterwards({ workspace }: Scratch): string {
  return [
    "",
    `That was a demonstration: ${note}.`,
    `What the agents wrote is in ${workspace}`,
    "The same file against the real model, signed in as you are:",
    "",
    "  claude-orchestrator run examples/quickstart.yaml        (in this clone: node dist/cli.mjs run examples/quickstart.yaml)",
  ].join("\n");
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
