import { installationOf } from "@claude-orchestrator/update";
import { installedAs, type Start } from "./installedAs.ts";

/** How this process was started: what `process` says of it. */
interface StartOfNode extends Start {
  readonly execPath: string;
  readonly execArgv: readonly string[];
}

/**
 * The words that start this program again, before those of a command. An executable is started by its launcher, which checks
 * what it has unpacked before anything of it runs, and finds its Node also where that is in memory only.
 */
export function programWords(start: StartOfNode = process): readonly string[] {
  const { form, path } = installedAs(start);
  return form === "npm" || form === "source" ? [start.execPath, ...start.execArgv, path] : [path];
}

/** The same for what starts it a long time from now: an executable by its command, whatever version that is then. */
export function lastingWords(start: StartOfNode = process): readonly string[] {
  const { form, path } = installedAs(start);
  return form === "executable" ? [installationOf(path).command] : programWords(start);
}

/** What a launcher reads to find what it has unpacked. */
const launcherNames = [
  "CLAUDE_ORCHESTRATOR_CACHE_DIR",
  "HOME",
  "LOCALAPPDATA",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "XDG_RUNTIME_DIR",
];

/** The part of our environment without which those words start nothing; empty but for an executable. */
export function programEnvironment(
  start: Start & Pick<NodeJS.Process, "env"> = process,
): Readonly<Record<string, string>> {
  const { form } = installedAs(start);
  if (form === "npm" || form === "source") return {};
  return Object.fromEntries(
    launcherNames.flatMap((name) => {
      const value = start.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
