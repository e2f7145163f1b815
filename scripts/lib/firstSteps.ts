/** What everybody does first with the program, each told by its exit code and what it prints. */
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

/** Somebody with a home of their own, and a program. */
export interface Newcomer {
  readonly argv: readonly string[];
  readonly folder: string;
}

/** Answers what was wrong, for a person to read; undefined where all was right. */
type Step = (newcomer: Newcomer) => Promise<string | undefined>;

/** Longer than anything takes on a machine that is not stuck. */
const patience = 120_000;

export function firstSteps(version: string): Readonly<Record<string, Step>> {
  return {
    "says its version": (newcomer) => says(newcomer, ["--version"], version),
    helps: (newcomer) => says(newcomer, ["--help"], "Usage:"),
    "plans a file": (newcomer) => says(newcomer, ["plan", fleetOf(newcomer)], "needs   first"),
    "runs two instances, one after the other": (newcomer) =>
      says(newcomer, ["run", fleetOf(newcomer), "--json"], '"run-settled"'),
    "serves its page": serves,
  };
}

async function says(
  { argv, folder }: Newcomer,
  words: readonly string[],
  expected: string,
): Promise<string | undefined> {
  const [program = "", ...before] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, [...before, ...words], {
    cwd: folder,
    env: environment(folder),
    encoding: "utf8",
    timeout: patience,
  });
  if (status === 0 && stdout.includes(expected)) return undefined;
  const ended = error?.message ?? `exit code ${status}`;
  return `${words.join(" ")}: ${ended}, and \`${expected}\` was expected in\n${stdout}${stderr}`;
}

/** No agent: it would have to be there. */
function fleetOf({ folder }: Newcomer): string {
  const print = (text: string): readonly string[] => [process.execPath, "-e", `console.log(${JSON.stringify(text)})`];
  const fleet = {
    instances: [
      { name: "first", run: print("one") },
      { name: "second", needs: ["first"], run: print("two") },
    ],
  };
  const file = path.join(folder, "fleet.json");
  writeFileSync(file, JSON.stringify(fleet));
  return file;
}

async function serves({ argv, folder }: Newcomer): Promise<string | undefined> {
  const [program = "", ...before] = argv;
  const child = spawn(program, [...before, "serve", "--no-open", "--port", "0", "--json"], {
    cwd: folder,
    env: environment(folder),
    stdio: ["ignore", "pipe", "inherit"],
    timeout: patience,
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /"url":"(?<url>[^"]+)"/.exec(line)?.groups?.["url"];
      if (url === undefined) continue;
      const answer = await fetch(url);
      const page = await answer.text();
      return answer.ok && page.includes("<!doctype html>") ? undefined : `${url} answered ${answer.status}: ${page}`;
    }
    return "it ended without saying where it listens";
  } finally {
    child.kill();
    await ended;
  }
}

/** Nothing of who tries it, but what a system needs to start a program. */
function environment(folder: string): NodeJS.ProcessEnv {
  const kept = ["PATH", "Path", "SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "WINDIR"];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    HOME: folder,
    USERPROFILE: folder,
    APPDATA: path.join(folder, "roaming"),
    LOCALAPPDATA: path.join(folder, "local"),
    TEMP: folder,
    TMP: folder,
  };
}
