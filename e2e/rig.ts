import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type ModelApi,
  type ModelApiOptions,
  type RateLimit,
  type RecordedRequest,
  type ScenarioName,
  startModelApi,
} from "@claude-orchestrator/testkit";
import { expect } from "vitest";
import { expectSoundRun, readResult, type ResultFile, type ResultInstance } from "./support/invariants.ts";
import { type Leftover, leftoversAfter, processesWith, processThat } from "./support/leftovers.ts";
import { type Outcome, type RunningProgram, startProgram } from "./support/program.ts";

export interface RigOptions {
  /** By path relative to the rig's folder. A text that begins with `#!` is made executable. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The file to run: an object is written as `fleet.json`, a text as `fleet.yaml`. */
  readonly config?: object | string;
  /** What the stand-in answers where a prompt names no scenario by `[[mock:NAME]]`. Default "text". */
  readonly scenario?: ScenarioName;
  /** Multiplies the stand-in's pauses. Default 0: it answers at once. */
  readonly speed?: number;
  /** What the stand-in takes of all who ask it together. */
  readonly rateLimit?: RateLimit;
  /** Beside PATH, HOME, the stand-in's address and the dummy key. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** After `run FILE --json`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface FinishedRun extends Outcome {
  /** Where the run's files are. */
  readonly directory: string;
  readonly result: ResultFile;
  instance(name: string): ResultInstance;
  /** What an instance's last attempt printed, byte for byte. */
  rawOutput(name: string): string;
}

/** A folder, a model and a built program of their own. Disposing of it checks what must hold after every run. */
export interface Rig extends AsyncDisposable {
  /** The workspace: absolute, with a space in it. */
  readonly folder: string;
  readonly model: ModelApi;
  /** The whole environment the program is started with. */
  readonly environment: Readonly<Record<string, string>>;
  path(name: string): string;
  read(name: string): string;
  exists(name: string): boolean;
  /** Requests that asked the model and were answered by this scenario. */
  asked(scenario: string): readonly RecordedRequest[];
  /** Runs the rig's file to its end. */
  run(options?: RunOptions): Promise<FinishedRun>;
  /** Starts the rig's file. */
  start(options?: RunOptions): RunningProgram;
  /** Waits for what `start` began, and reads its result. */
  finish(program: RunningProgram): Promise<FinishedRun>;
  /** Any command line of the program, to its end. */
  command(args: readonly string[], options?: Pick<RunOptions, "env">): Promise<Outcome>;
  /** The same, not waited for. */
  begin(args: readonly string[], options?: Pick<RunOptions, "env">): RunningProgram;
  /** Directories of the runs so far, oldest first. */
  runs(): readonly string[];
  /** Settles when a process of this rig whose command line holds the text is alive. */
  processRunning(text: string): Promise<Leftover>;
}

/** Long and unlike anything else, so that it is found wherever it should not be. */
export const dummyKey = "sk-ant-dummy-0d9c5a2e7b4f4c1f8a63-not-a-key";

/** After its end nothing of a run may be alive for longer. */
const goneWithinMs = 2000;

const root = fileURLToPath(new URL("..", import.meta.url));

/** The native program of the pinned Claude Code, without npm's wrapper. */
export const claudePath = join(
  root,
  `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`,
);

export async function createRig(options: RigOptions = {}): Promise<Rig> {
  const top = mkdtempSync(join(tmpdir(), "orchestrator e2e "));
  const folder = join(top, "work space");
  const home = join(top, "home");
  for (const each of [folder, home]) mkdirSync(each);
  writeFiles(folder, options.files ?? {});
  const file = writeConfig(folder, options.config);
  const model = await startModelApi(ofModel(options));
  const started: RunningProgram[] = [];
  const ownEnvironment = { ...environment(home, model), ...options.env };

  const begin: Rig["begin"] = (args, { env = {} } = {}) => {
    const program = startProgram({ args, cwd: folder, env: { ...ownEnvironment, ...env } });
    started.push(program);
    return program;
  };
  const runs = (): readonly string[] => runDirectories(join(folder, ".orchestrator", "runs"));
  const rig: Rig = {
    folder,
    model,
    environment: ownEnvironment,
    path: (name) => join(folder, name),
    read: (name) => readFileSync(join(folder, name), "utf8"),
    exists: (name) => existsSync(join(folder, name)),
    asked: (scenario) => model.requests().filter((request) => request.scenario === scenario),
    run: (wish) => rig.finish(rig.start(wish)),
    start: ({ args = [], env } = {}) =>
      begin(["run", file, "--json", "--agent-path", `claude=${claudePath}`, ...args], env === undefined ? {} : { env }),
    finish: async (program) => finished(await program.ended),
    command: (args, wish) => begin(args, wish).ended,
    begin,
    runs,
    processRunning: (text) => processThat((each) => each.command.includes(text), home),
    async [Symbol.asyncDispose]() {
      try {
        await endAll(started);
        expect(await leftoversAfter(goneWithinMs, home)).toEqual([]);
        for (const directory of runs()) expectSoundRun(directory, dummyKey);
      } finally {
        // Those that keep namespaces have no home; what a killed supervisor left of them is its reaper's, which ends here too.
        const marks = runs().map((directory) => `CLAUDE_ORCHESTRATOR_ATTEMPT_${basename(directory)}=`);
        for (const mark of [home, ...marks]) for (const { pid } of processesWith(mark)) end(pid);
        await model.close();
        await rm(top, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
  return rig;
}

function ofModel({ scenario = "text", speed = 0, rateLimit }: RigOptions): ModelApiOptions {
  return { scenario, speed, ...(rateLimit === undefined ? {} : { rateLimit }) };
}

/** Built from nothing: what the tests' own process has in its environment must not matter. */
function environment(home: string, model: ModelApi): Readonly<Record<string, string>> {
  return {
    PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    HOME: home,
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: dummyKey,
  };
}

/** What has just ended by itself is ended as well. */
function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

function writeFiles(folder: string, files: NonNullable<RigOptions["files"]>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (typeof text === "string" && text.startsWith("#!")) chmodSync(path, 0o755);
  }
}

function writeConfig(folder: string, config: object | string | undefined): string {
  const isText = typeof config === "string";
  const name = isText ? "fleet.yaml" : "fleet.json";
  if (config !== undefined) writeFileSync(join(folder, name), isText ? config : JSON.stringify(config, undefined, 2));
  return name;
}

function runDirectories(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name));
}

/** A test that failed half-way leaves programs running: they are asked to stop, so that their agents stop as well. */
async function endAll(started: readonly RunningProgram[]): Promise<void> {
  for (const program of started) program.signal("SIGTERM");
  await Promise.all(started.map(({ ended }) => ended));
}

function finished(outcome: Outcome): FinishedRun {
  const created = outcome.events.find((event) => event.type === "run-created");
  if (created === undefined) throw new Error(`no run was made: exit ${outcome.exitCode}\n${outcome.stderr}`);
  const { directory } = created;
  const result = readResult(directory);
  const instance = (name: string): ResultInstance => {
    const found = result.instances.find((each) => each.name === name);
    if (found === undefined) throw new Error(`result.json has no instance ${name}`);
    return found;
  };
  return {
    ...outcome,
    directory,
    result,
    instance,
    rawOutput: (name) => readFileSync(join(directory, instance(name).attempts.at(-1)?.stdout ?? ""), "utf8"),
  };
}
