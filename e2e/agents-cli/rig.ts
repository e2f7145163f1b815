import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { agentByName } from "@claude-orchestrator/agents";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { startModelApi, type ModelApi, type ScenarioName } from "@claude-orchestrator/testkit";

const root = fileURLToPath(new URL("../..", import.meta.url));
const installed = path.join(root, ".agents");

/** How a person with a gateway of their own points each agent at it: all of it in the file's `env`. */
const gateways: Readonly<Record<string, (url: string) => Record<string, string>>> = {
  codex: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: "sk-dummy" }),
  gemini: (url) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: "dummy" }),
  opencode: (url) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: "sk-dummy" }),
};

const models: Readonly<Record<string, string>> = {
  codex: "gpt-5.5",
  gemini: "gemini-3.8-flash",
  opencode: "anthropic/claude-sonnet-4-5",
};

const vendors: Readonly<Record<string, string>> = { codex: "openai", gemini: "google", opencode: "anthropic" };

/** Found nowhere but where it belongs. */
export const realKey = "sk-real-51c0d7-never-seen-by-an-agent";

export interface AgentRig extends AsyncDisposable {
  readonly api: ModelApi;
  /** The instance's folder. */
  readonly workspace: string;
  /** Writes a file for one instance of the agent, and runs it by the built program. */
  run(scenario: ScenarioName, fields?: Readonly<Record<string, unknown>>): AgentRun;
  /** Goes on with the run that was last begun here. */
  resume(): AgentRun;
  /** The same through the gateway, with the key in a file and `more` at the top of the file. */
  runThroughGateway(
    scenario: ScenarioName,
    more?: Readonly<Record<string, unknown>>,
    flags?: readonly string[],
  ): AgentRun;
  /** The same from a cassette: without a key, and without a model. */
  replay(scenario: ScenarioName, cassette: string): AgentRun;
}

export interface AgentRun {
  /** Sends the signal to the program, not to the agent. */
  signal(signal: NodeJS.Signals): void;
  /** Waits until a process of the run (the agent or what it started) has these words in its command line. */
  untilProcess(words: string): Promise<void>;
  /** The end of the program, with every event it printed. */
  readonly ended: Promise<RunEnd>;
}

export interface RunEnd {
  readonly exitCode: number | null;
  readonly events: readonly LoggedEvent[];
  readonly stderr: string;
  /** Command lines of the run's processes alive two seconds after its end. */
  readonly leftBehind: readonly string[];
}

/** Everything one agent's tests need, gone again when disposed of. */
export async function createAgentRig(agent: string): Promise<AgentRig> {
  const api = await startModelApi();
  mkdirSync(path.join(installed, "homes"), { recursive: true });
  // Not under /tmp: codex refuses to set up its sandbox for a home there.
  const home = mkdtempSync(path.join(installed, "homes", `${agent}-`));
  const workspace = path.join(home, "work space");
  mkdirSync(workspace);
  const running = new Set<ChildProcess>();

  const start = (scenario: ScenarioName, fields: object, more: object, flags: readonly string[] = []): AgentRun => {
    const name = `${agent}-${scenario}`;
    const file = path.join(workspace, "fleet.json");
    const instance = { name, agent, prompt: 'say "hello"', model: models[agent], ...fields };
    writeFileSync(file, JSON.stringify({ instances: [instance], ...more }));
    const words = ["run", file, "--json", "--agent-path", `${agent}=${programOf(agent)}`, ...flags];
    return startProgram({ words, home, workspace, running });
  };

  return {
    api,
    workspace,
    run: (scenario, fields = {}) =>
      start(scenario, { env: gateways[agent]?.(api.urlFor(scenario, `${agent}-${scenario}`)) ?? {}, ...fields }, {}),
    runThroughGateway(scenario, more = {}, flags = []) {
      const key = path.join(workspace, "key");
      writeFileSync(key, realKey, { mode: 0o600 });
      const upstream = { url: api.urlFor(scenario, `${agent}-${scenario}`), key: { file: key } };
      const gateway = { [vendors[agent] ?? ""]: upstream };
      return start(scenario, { permission_mode: "bypassPermissions" }, { gateway, ...more }, flags);
    },
    replay(scenario, cassette) {
      // Gemini tells its model which files are in the folder.
      writeFileSync(path.join(workspace, "key"), "no key");
      return start(scenario, { permission_mode: "bypassPermissions" }, {}, ["--replay", cassette]);
    },
    resume: () => startProgram({ words: ["resume", "latest", "--json"], home, workspace, running }),
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill("SIGKILL");
      await api.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Start {
  readonly words: readonly string[];
  readonly home: string;
  readonly workspace: string;
  readonly running: Set<ChildProcess>;
}

function startProgram({ words, home, workspace, running }: Start): AgentRun {
  const child = spawn(process.execPath, [path.join(root, "dist/cli.mjs"), ...words], {
    cwd: workspace,
    // Nothing of this machine's own environment; gemini's script asks for `node` on PATH.
    env: { PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: home, LANG: "C.UTF-8" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.on("close", () => running.delete(child));
  return {
    signal: (signal) => void child.kill(signal),
    untilProcess: (wanted) => untilProcess(home, wanted, child),
    ended: endOf(child, home),
  };
}

async function endOf(child: ChildProcess, home: string): Promise<RunEnd> {
  const events: LoggedEvent[] = [];
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => events.push(JSON.parse(line) as LoggedEvent));
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return { exitCode, events, stderr, leftBehind: await survivors(home) };
}

/** The native program where there is one: what the npm wrapper starts. */
function programOf(agent: string): string {
  const program = agentByName(agent)?.program;
  const modules = path.join(installed, "node_modules");
  const native = (program?.nativePackages ?? [])
    .filter(({ name }) => name.includes(process.platform) && name.endsWith(process.arch))
    .map((one) => path.join(modules, one.name, one.path));
  const found = [...native, path.join(modules, ".bin", program?.binary ?? agent)].find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${agent} is not installed in .agents/: run \`npm run test:agents\``);
  return found;
}

/** Polls the process table: what it waits for is told nowhere else. Ends with the program. */
async function untilProcess(home: string, wanted: string, child: ChildProcess): Promise<void> {
  while (!processesOf(home).some((commandLine) => commandLine.includes(wanted))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The program ended before \`${wanted}\` ran`);
    await after(50);
  }
}

async function survivors(home: string): Promise<readonly string[]> {
  const deadline = performance.now() + 2000;
  let alive = processesOf(home);
  while (alive.length > 0 && performance.now() < deadline) {
    await after(50);
    alive = processesOf(home);
  }
  return alive;
}

/** Command lines of all living processes that have this HOME: every one of a run, whatever became of its parents. */
function processesOf(home: string): readonly string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const environment = readOf(pid, "environ");
      return environment.includes(`HOME=${home}\0`) ? [readOf(pid, "cmdline").replaceAll("\0", " ").trim()] : [];
    });
}

function readOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** The only event of this type. */
export function only<Type extends LoggedEvent["type"]>(
  { events, stderr }: RunEnd,
  type: Type,
): Extract<LoggedEvent, { readonly type: Type }> {
  const found = events.filter((event): event is Extract<LoggedEvent, { readonly type: Type }> => event.type === type);
  const [event] = found;
  if (event === undefined || found.length > 1)
    throw new Error(`${found.length} events \`${type}\`, not one:\n${stderr}`);
  return event;
}
