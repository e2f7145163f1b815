/**
 * The seams of the engine: what it asks of the machine, of the agents' adapters and of the log. Types only.
 * host, agents and store fill them; the cli puts them together.
 */
import type {
  Acceptance,
  AgentEvent,
  ExitFacts,
  InstancePlan,
  JsonObject,
  JsonValue,
  LoggedEvent,
  MachineFacts,
  ModelPrice,
  PreparedWorkspace,
  ProcessIdentity,
  RequestAmount,
  RequestOutcome,
  RunEvent,
  TokenUsage,
  WorkspaceChanges,
} from "@claude-orchestrator/domain";

/** Time. Deadlines are kept on `monotonic`, so a changed wall clock moves none of them. */
export interface Clock {
  /** ms since 1970. */
  wall(): number;
  /** ms since some fixed moment, never going back. */
  monotonic(): number;
  /** Calls `action` once after `ms` (at once for 0 or less); the answer cancels it. Any length, also over 24.8 days. */
  after(ms: number, action: () => void): () => void;
}

/** The run's log: one writer. */
export interface EventLog {
  /** Numbers the event and queues it for disk. Throws only where the run's log has been closed. */
  append(event: RunEvent): LoggedEvent;
  /** Settles once everything appended so far is on disk. */
  flush(): Promise<void>;
  /** Called for each event after it is on disk, in order: what a reader may show. The answer unsubscribes. */
  subscribe(reader: (events: readonly LoggedEvent[]) => void): () => void;
  /**
   * Called with a sentence when events cannot be written (they wait in memory), and with undefined when they can again.
   * "lost": they never will be. The answer unsubscribes.
   */
  onTrouble(listener: (trouble: WritingTrouble | undefined) => void): () => void;
}

export interface WritingTrouble {
  readonly kind: "full" | "read-only" | "locked" | "io" | "lost";
  readonly message: string;
}

/** Starts processes and sees to it that they, and all they started, are gone when their attempt has ended. */
export interface ProcessHost {
  /** Never throws: a program that cannot be started ends with `exit.spawnError`. */
  start(spec: ProcessSpec, sink: OutputSink): RunningProcess;
  /**
   * Takes over a process that an earlier supervisor started and left, by its identity and its marker. Everything in its
   * spool, from the first byte on, has been handed to `sink` when the promise settles; what it prints later follows. A process
   * that is gone by then, or whose output can no longer be read whole, is ended with all it started: `ended` settles soon
   * after. Never rejects. How it ended is in `ended` only where that can be known, else `lost` is true there.
   */
  adopt(left: LeftProcess, sink: OutputSink): Promise<RunningProcess>;
  machine(): MachineFacts;
}

/** What the log tells of a process that an earlier supervisor had. */
export interface LeftProcess {
  /** Undefined where only the intent to start it is on disk: if it runs, it is found by its marker and ended. */
  readonly identity: ProcessIdentity | undefined;
  readonly marker: { readonly name: string; readonly value: string };
  readonly spool: { readonly stdout: string; readonly stderr: string };
  /** Removed after the end. */
  readonly privateDirectory: string;
  readonly maxLineBytes: number;
}

export interface ProcessSpec {
  /** argv[0] is the program's path. Never seen by a shell. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment of the process: nothing is added but the marker and TMPDIR. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed; without it standard input is empty from the start. */
  readonly stdin?: string;
  /** Found again in the environment of everything the process starts. */
  readonly marker: { readonly name: string; readonly value: string };
  /** Absolute paths; the process itself writes them, so nothing is lost while nobody reads. */
  readonly spool: { readonly stdout: string; readonly stderr: string };
  /** Made with mode 0700 before the start, removed after the end; TMPDIR of the process is `tmp` in it. */
  readonly privateDirectory: string;
  /** Written into `privateDirectory` before the start, by relative path, mode 0600. */
  readonly files: Readonly<Record<string, string>>;
  /** Made before the start where it is not there, and kept: what the agent remembers between attempts. */
  readonly configDirectory?: ConfigDirectory;
  /** Lines longer than this are handed on cut, with the number of bytes left out. */
  readonly maxLineBytes: number;
}

/** A folder that an agent keeps its settings and sessions in, instead of the person's own. */
export interface ConfigDirectory {
  /** Absolute. */
  readonly path: string;
  /** By name in it: what of the person's it has too, absolute; left out where that is not there. */
  readonly links: Readonly<Record<string, string>>;
  /** By name in it: texts that stand there where nothing does yet. */
  readonly files: Readonly<Record<string, string>>;
}

/** `droppedBytes` is 0 but for a line over the cap. Text is decoded leniently: a bad byte becomes U+FFFD. */
export interface OutputSink {
  stdoutLine(text: string, droppedBytes: number): void;
  stderrLine(text: string, droppedBytes: number): void;
}

export interface RunningProcess {
  /** Undefined where it could not be started. */
  readonly identity: ProcessIdentity | undefined;
  /** Climbs the ladder until the process has ended. Called again, the new ladder replaces what is left of the old one. */
  stop(ladder: readonly StopStep[]): void;
  /**
   * Never rejects. Settles when the process has exited, its output has been handed on to the last byte written by then,
   * and what it left behind has been swept; at most a few seconds after exit, whoever still holds a pipe.
   */
  readonly ended: Promise<ExitFacts>;
  /** True: it was adopted, and had ended by then. */
  readonly wasGone?: true;
}

/** One rung: send it to the agent's process (or its whole group), then wait this long for it to end. */
export interface StopStep {
  readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL";
  readonly to: "process" | "group";
  readonly waitMs: number;
}

/** Runs acceptance checks, in the instance's folder and environment, with a bound on their time. Never rejects. */
export interface CheckRunner {
  /** Called before the attempt starts, for each check that compares before with after. */
  snapshot(cwd: string): Promise<WorkspaceSnapshot>;
  run(check: Acceptance, context: CheckContext): Promise<CheckAnswer>;
}

/** Opaque to the engine. */
export interface WorkspaceSnapshot {
  readonly digest: string;
}

export interface CheckContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly marker: { readonly name: string; readonly value: string };
  readonly result?: string;
  readonly structured?: JsonValue;
  readonly before?: WorkspaceSnapshot;
  /** Bound on the check's time. */
  readonly timeoutMs: number;
  /** Settles when the check should be given up (the run is being stopped). */
  readonly cancelled: Promise<unknown>;
}

export interface CheckAnswer {
  /** What was asked, in words: "`npm test` exits 0". */
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Folders that are one instance's own (`isolation`): made before its attempt, looked at after it. Never rejects. */
export interface Workspaces {
  /** The folder its processes run in, known before it is there; undefined for an instance that has none of its own. */
  cwdOf(instance: string): string | undefined;
  /** Makes the folder, or finds it as an earlier attempt left it; or a sentence on why it cannot be had. */
  prepare(order: WorkspaceOrder): Promise<PreparedWorkspace | { readonly problem: string }>;
  /** What differs from the base; the difference itself is written to `diffFile`. Undefined where it cannot be told. */
  record(order: Pick<WorkspaceOrder, "instance" | "diffFile">): Promise<WorkspaceChanges | undefined>;
}

export interface WorkspaceOrder {
  readonly instance: string;
  /** The attempt's own, for a set-up command. */
  readonly env: Readonly<Record<string, string>>;
  readonly marker: { readonly name: string; readonly value: string };
  /** Absolute. */
  readonly diffFile: string;
  /** Settles when it should be given up (the attempt is being stopped). */
  readonly cancelled: Promise<unknown>;
}

/** Whose API a model is asked by. */
export type ModelVendor = ModelPrice["vendor"];

/** Stands between the agents and their models, so that budgets hold before money is spent and keys stay out of reach. */
export interface ModelGateway {
  /**
   * Opens a way for one attempt. Undefined where no key is known for that vendor: the attempt speaks to it by itself.
   *
   * @param tokenHash of an attempt that an earlier supervisor began: what it is known by goes on to be accepted
   */
  open(vendor: ModelVendor, tokenHash?: string): GatewayPass | undefined;
}

export interface GatewayPass {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** What the agent shows instead of a key; unknown ("") for an attempt of an earlier supervisor. */
  readonly token: string;
  /** SHA-256 of the token, in hex. */
  readonly tokenHash: string;
  /** From here on requests are let through, each as the desk says; before, they are refused. */
  answerTo(desk: RequestDesk): void;
  /** The token dies. Requests under way are given up, and each has settled when this returns. */
  close(): void;
}

/** Decides on an attempt's requests. */
export interface RequestDesk {
  /** Asked before a request is sent. `final`: it has waited as long as it can, so it is not held again. */
  ask(request: AskedOfDesk): RequestAnswer;
  /** Settles once what has been granted is on disk: nothing is sent before. Never rejects. */
  recorded(): Promise<void>;
  /** Called once for each granted request, when it is over. */
  settle(request: number, end: RequestEnd): void;
}

export interface AskedOfDesk {
  readonly model?: string;
  readonly worst: RequestAmount;
  readonly final: boolean;
  /** What of it has no known price, in words. */
  readonly unpriced?: string;
}

export type RequestAnswer =
  /** `request` is its number within the attempt. */
  | { readonly is: "granted"; readonly request: number }
  /** Ask again when another request has settled, or after so many ms. */
  | { readonly is: "held"; readonly retryInMs: number | undefined }
  /** A sentence for the agent's person. */
  | { readonly is: "refused"; readonly reason: string };

export interface RequestEnd {
  readonly model?: string;
  readonly usage: TokenUsage;
  readonly costUsd?: number;
  readonly outcome: RequestOutcome;
  readonly counted: "reported" | "estimated";
  readonly status?: number;
  readonly durationMs: number;
}

/** Values out of our own environment. `base` is the documented short list (PATH, HOME, LANG …). */
export interface EnvironmentSource {
  base(): Readonly<Record<string, string>>;
  get(name: string): string | undefined;
  readonly isRoot: boolean;
}

/** One agent CLI: a small value of pure functions. Nothing outside its folder asks which agent it is. */
export interface AgentAdapter {
  readonly name: string;
  /** One sentence for `agents` and `doctor`. */
  readonly about: string;
  /** Undefined where the person's own file names the program (the `command` agent). */
  readonly program: AgentProgram | undefined;
  readonly capabilities: AgentCapabilities;
  /** Names taken over from our environment where set: this CLI's credentials and endpoints, nothing else. */
  readonly passEnv: readonly string[];
  /** Where it keeps settings and sessions, and what of it can be another folder; absent: it always uses the person's. */
  readonly configDirectory?: AgentConfigDirectory;
  /** How it is pointed at the gateway; absent where it cannot be. */
  readonly gateway?: AgentGateway;
  /** The polite rungs first. */
  readonly stopLadder: readonly StopStep[];
  /** What this CLI cannot do of what was asked, one sentence each, naming the field. Checked before anything starts. */
  problems(instance: InstancePlan): readonly string[];
  /** Pure: the words to run and what to write to standard input. Spawning is the host's work. */
  invocation(job: AgentJob): Invocation;
  /** One parser per process. */
  createParser(job: AgentJob): AgentParser;
}

export interface AgentConfigDirectory {
  /** The variable that names another folder. */
  readonly env: string;
  /** The person's own, relative to their home, where that variable is not set. */
  readonly home: string;
  /** What of the person's is linked into a folder of its own. */
  readonly links: readonly string[];
  /** What stands there at first, by name. */
  readonly files: Readonly<Record<string, string>>;
}

export interface AgentGateway {
  /** Whose API this instance asks; undefined where no gateway of ours speaks it. */
  vendor(instance: InstancePlan): ModelVendor | undefined;
  /** Variables that carry keys or lead around the gateway: none of them reaches the agent. */
  readonly hides: readonly string[];
  /** Pure: where to ask and what to show there, in this CLI's variables. They stand where the file's own `env` would. */
  env(way: GatewayWay): Readonly<Record<string, string>>;
  /**
   * Pure: the instance's `settings` with what keeps the CLI on this way, where its variables alone would not, and from asking for
   * what has no known price.
   */
  settings?(way: GatewayWay, own: JsonObject): JsonObject;
}

export interface GatewayWay {
  /** Of the gateway. */
  readonly url: string;
  readonly token: string;
  readonly maxOutputTokens?: number;
}

export interface AgentProgram {
  /** The name looked for on PATH. */
  readonly binary: string;
  /** npm packages that carry the native program, with the path inside them: preferred over a wrapper script. */
  readonly nativePackages: readonly { readonly name: string; readonly path: string }[];
  /** Folders of the home directory looked in after PATH, relative to it. */
  readonly homeFolders: readonly string[];
  /** The command that installs it. */
  readonly install: string;
  readonly versionArgs: readonly string[];
  /** The version in what `versionArgs` printed. */
  readonly parseVersion: (output: string) => string | undefined;
  /** A sentence for a version known to be bad, else undefined. */
  readonly knownBad: (version: string) => string | undefined;
  /** Where it keeps its sign-in, for `doctor`: looked at for existence only, never read. Relative to home, or $NAME. */
  readonly signIn: { readonly env: readonly string[]; readonly files: readonly string[]; readonly how: string };
}

export interface AgentCapabilities {
  /** It can continue a session after a failed attempt. */
  readonly resume: boolean;
  /** Tokens are told while it runs, at its end only, or not at all. */
  readonly usage: "live" | "end" | "none";
  readonly cost: "reported" | "priced" | "none";
  readonly structuredOutput: boolean;
  /** It knows slash commands. */
  readonly commands: boolean;
  readonly sessions: boolean;
  readonly maxTurns: boolean;
  readonly systemPrompt: boolean;
  readonly mcp: boolean;
}

/** One attempt, with every template already filled in. */
export interface AgentJob {
  readonly instance: InstancePlan;
  readonly attempt: number;
  /** Path of the program, and words before its arguments (a runtime and a script). Empty for the `command` agent. */
  readonly program: readonly string[];
  /** Where the files of `Invocation.files` will be; absolute. */
  readonly privateDirectory: string;
  /** A fresh UUID, for a CLI whose sessions are named by the caller. */
  readonly freshSessionId: string;
  /**
   * Continue this session (a retry, or `session.resume`). Where its work was interrupted, `instance.work` already says so
   * instead of asking for everything again.
   */
  readonly resumeSession?: string;
  /**
   * Where `resumeSession` was begun by an earlier attempt of this run: the tokens already counted for it (none: all zero).
   * A CLI whose counts run over the whole session subtracts them; without it such a count is not known.
   */
  readonly countedBefore?: TokenUsage;
  readonly isRoot: boolean;
  /** Names, of `passEnv`, that are set: an adapter may need to know how it is signed in. */
  readonly presentEnv: readonly string[];
  /** Instructions found in the workspace (CLAUDE.md), and commands, read by the host for an untrusted workspace. */
  readonly workspaceContext?: WorkspaceContext;
}

/** What may be taken from an untrusted workspace as text, since the agent is told not to load its settings. */
export interface WorkspaceContext {
  /** The text of CLAUDE.md or AGENTS.md, where there is one. */
  readonly instructions?: string;
  /** Its command files (`.claude/commands/**.md`), for an agent that is given cleaned copies of them. */
  readonly commands?: readonly WorkspaceFile[];
  /** The folder its skills are in, absolute: a skill names its other files by it. */
  readonly skillsDirectory?: string;
  /** The `NAME/SKILL.md` of each skill in `skillsDirectory`. */
  readonly skills?: readonly WorkspaceFile[];
}

/** A text file of an untrusted workspace, read without following links out of it; bounded in size by the reader. */
export interface WorkspaceFile {
  /** Relative to the folder it was found under, with `/` between its parts. */
  readonly path: string;
  readonly text: string;
}

export interface Invocation {
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** Values the CLI needs (quiet switches, endpoints). Win over `passEnv`, lose to the instance's own `env`. */
  readonly env: Readonly<Record<string, string>>;
  /** Written into the private directory before the start. */
  readonly files: Readonly<Record<string, string>>;
}

/** Never throws; one line of a hundred bytes or ten megabytes makes no difference to it. */
export interface AgentParser {
  stdoutLine(text: string, droppedBytes: number): readonly AgentEvent[];
  stderrLine(text: string, droppedBytes: number): readonly AgentEvent[];
  /**
   * Called once, after the last line: what the adapter makes of the end (a CLI without a final event, a known stderr text).
   * Where `exit.lost`, nobody saw how it ended: only what was printed counts then.
   */
  ended(exit: ExitFacts): readonly AgentEvent[];
}
