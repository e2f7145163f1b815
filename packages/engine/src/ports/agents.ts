import type { AgentEvent, ExitFacts, InstancePlan, JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import type { ModelVendor } from "./gateway.ts";
import type { StopStep } from "./processes.ts";

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
