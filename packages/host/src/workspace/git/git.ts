import { runBriefly, type BriefAnswer } from "../../briefProcess.ts";
import { neutralConfig } from "./neutralConfig.ts";
import type { ConfigEntry, ConfigPair } from "./neutralConfig.ts";

/** Where git works. */
export interface GitPlace {
  /** The folder it runs in. */
  readonly folder: string;
  /**
   * The repository of that folder, where it is known: git then does not look for it, and a `.git` that an agent has rewritten
   * leads nowhere.
   */
  readonly known?: KnownRepository;
}

export interface KnownRepository {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly workTree: string;
}

export interface GitAnswer {
  readonly ok: boolean;
  /** Undefined where it did not end by itself. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** For a failure: git's own words in one line, or why it did not run. */
  readonly sentence: string;
}

export interface GitOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: readonly ConfigPair[];
  readonly timeoutMs?: number;
}

/** Runs git without a shell, with hooks, filters, monitors and every other program of a repository out of play. */
export interface Git {
  (place: GitPlace, words: readonly string[], options?: GitOptions): Promise<GitAnswer>;
}

type Variables = Readonly<Record<string, string | undefined>>;

const mostOutput = 64 * 1024 * 1024;
const usualTimeMs = 120_000;
const nullDevice = process.platform === "win32" ? "NUL" : "/dev/null";

/** Another program works in the same repository at this moment: worth trying again. */
const lockTrouble =
  /\.lock'?: File exists|unable to lock|could not lock|cannot lock ref|another git process|index\.lock/i;
const lockTries = 40;

/** `variables` is our own environment: PATH, and where the person's settings are. */
export function createGit(variables: Variables): Git {
  const base = baseEnvironment(variables);
  return async (place, words, options = {}) => {
    const entries = await readConfig(place, base);
    const config = [...neutralConfig(entries), ...(options.config ?? [])];
    const env = { ...base, ...shut, ...locationOf(place), ...asVariables(config), ...options.env };
    for (let tried = 1; ; tried += 1) {
      const answer = await runOnce(place.folder, words, env, options.timeoutMs);
      if (answer.ok || tried === lockTries || !lockTrouble.test(answer.sentence)) return answer;
      await pause(Math.min(25 * tried, 500) * (0.5 + Math.random()));
    }
  };
}

/** Reading settings runs nothing, whatever they say, so here the person's own are read too. */
async function readConfig(place: GitPlace, base: Readonly<Record<string, string>>): Promise<readonly ConfigEntry[]> {
  const env = { ...base, ...locationOf(place) };
  const { stdout } = await runOnce(place.folder, ["config", "--list", "--includes", "--show-scope", "-z"], env);
  const fields = stdout.split("\0");
  const entries: ConfigEntry[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [key = "", ...value] = (fields[at + 1] ?? "").split("\n");
    entries.push({ scope: fields[at] ?? "", key, value: value.join("\n") });
  }
  return entries;
}

async function runOnce(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  timeoutMs = usualTimeMs,
): Promise<GitAnswer> {
  const argv = ["git", "--no-pager", ...words];
  const answer = await runBriefly({ argv, cwd: folder, env, timeoutMs, maxBytes: mostOutput });
  const ok = answer.code === 0 && !answer.truncated;
  const sentence = ok ? "" : answer.truncated ? "git said more than can be read" : sentenceOf(answer);
  return { ok, code: answer.code, stdout: answer.stdout.toString(), sentence };
}

function sentenceOf({ stderr, problem, code }: BriefAnswer): string {
  if (problem === "ENOENT") return "git could not be started: it is not installed, or its folder is gone";
  if (problem !== undefined) return `git did not end by itself (${problem})`;
  const lines = withNames(stderr.toString())
    .split("\n")
    .map((line) => line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, " ").trim())
    .filter((line) => line !== "" && !line.startsWith("hint:"));
  const told = lines.filter((line) => /^(?:fatal|error):/.test(line));
  return (told.length > 0 ? told : lines).slice(0, 3).join("; ").slice(0, 500) || `git ended with code ${code ?? "?"}`;
}

/** The names that git puts in lines of their own, each after a tab, belong to the sentence before them. */
function withNames(stderr: string): string {
  return stderr.replaceAll(/:\n((?:\t.+\n?)+)/g, (_, names: string) => `: ${names.trim().split(/\n\t/).join(", ")}\n`);
}

function baseEnvironment(variables: Variables): Readonly<Record<string, string>> {
  const names = ["PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP"];
  const found: Record<string, string> = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  for (const name of names) {
    const value = variables[name];
    if (value !== undefined) found[name] = value;
  }
  return { PATH: "/usr/bin:/bin", ...found };
}

/** No settings but the repository's (which are overruled) and ours; no prompt, no editor, no magic in paths. */
const shut: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: nullDevice,
  GIT_ATTR_NOSYSTEM: "1",
  GIT_ASKPASS: "",
  SSH_ASKPASS: "",
  GIT_SSH_COMMAND: "false",
  GIT_EDITOR: ":",
  GIT_SEQUENCE_EDITOR: ":",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_NO_LAZY_FETCH: "1",
  GIT_LFS_SKIP_SMUDGE: "1",
};

function locationOf({ known }: GitPlace): Readonly<Record<string, string>> {
  if (known === undefined) return {};
  return { GIT_DIR: known.gitDir, GIT_COMMON_DIR: known.commonDir, GIT_WORK_TREE: known.workTree };
}

/** By the environment, so that a name with any sign in it can be said. */
function asVariables(config: readonly ConfigPair[]): Readonly<Record<string, string>> {
  const pairs = config.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(config.length), ...(Object.fromEntries(pairs) as Record<string, string>) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
