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
