import { readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import type { AgentProgram } from "@claude-orchestrator/engine/ports";
import { shimmedScript } from "./commandShim.ts";
import { lookAt, unfitnessOf, type Unfitness } from "./executable.ts";

export interface LocateOptions {
  /** What the person gave with `--agent-path`: then nothing else is looked at. */
  readonly explicit?: string;
  /**
   * Folders whose `node_modules`, and those above, are looked in for native packages: where this program is installed, and
   * the workspace only where it is trusted (a repository could bring a program of its own under that name).
   */
  readonly packageRoots: readonly string[];
  /** The value of PATH. */
  readonly path: string | undefined;
  readonly home: string | undefined;
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  /** The value of PATHEXT, on Windows. */
  readonly pathExtensions?: string;
}

export type ProgramLocation =
  | {
      readonly found: true;
      /** The words that start it: the path; of a script that npm made a batch file for on Windows, Node's and then the script's. */
      readonly words: readonly string[];
      readonly how: "given" | "package" | "path" | "home";
      readonly searched: readonly string[];
    }
  | {
      readonly found: false;
      /** Where it was looked for, in order, with what was wrong with what was there. */
      readonly searched: readonly string[];
    };

interface Search {
  readonly program: AgentProgram;
  readonly options: LocateOptions;
  readonly searched: string[];
}

/**
 * Finds an agent's program: the path given; else on PATH (never in the current folder), where a wrapper gives way to the
 * native package beside it; else in the usual folders of the home directory; else a native npm package installed with us.
 * So the person's own installation wins over one that came along.
 */
export function locateProgram(program: AgentProgram, options: LocateOptions): ProgramLocation {
  const search: Search = { program, options, searched: [] };
  if (options.explicit !== undefined) {
    const path = resolve(options.explicit);
    const words = wordsOf(search, path);
    return words === undefined ? { found: false, searched: search.searched } : found(search, words, "given");
  }
  const { home } = options;
  const homeFolders = home === undefined ? [] : program.homeFolders.map((folder) => join(home, folder));
  const onPath = findIn(search, foldersOfPath(options));
  if (onPath !== undefined) return found(search, onPath, "path");
  const atHome = findIn(search, homeFolders);
  if (atHome !== undefined) return found(search, atHome, "home");
  const native = options.packageRoots.map((root) => nativeAbove(search, root)).find((path) => path !== undefined);
  return native === undefined ? { found: false, searched: search.searched } : found(search, [native], "package");
}

function found(search: Search, words: readonly string[], how: "given" | "package" | "path" | "home"): ProgramLocation {
  return { found: true, words, how, searched: search.searched };
}

/** How the file is started; undefined where it cannot be, which is noted. */
function wordsOf(search: Search, path: string): readonly string[] | undefined {
  const script = isWindows(search) && /\.cmd$/i.test(path) ? shimmedScript(path) : undefined;
  const node = script === undefined || !isFile(script) ? undefined : nodeBeside(search, path);
  if (script !== undefined && node !== undefined) return [node, script];
  return fits(search, path) ? [path] : undefined;
}

/** As the batch file itself looks for it: in its own folder, then on PATH. */
function nodeBeside({ options }: Search, shim: string): string | undefined {
  return [dirname(shim), ...foldersOfPath(options)].map((folder) => join(folder, "node.exe")).find(isFile);
}

function isWindows({ options }: Search): boolean {
  return (options.platform ?? process.platform) === "win32";
}

/** True where it can be run; what is there but cannot is noted with the reason. */
function fits({ searched }: Search, path: string): boolean {
  const unfit: Unfitness | undefined = unfitnessOf(path);
  if (unfit !== undefined) searched.push(unfit === "no such file" ? path : `${path} (${unfit})`);
  return unfit === undefined;
}

function foldersOfPath({ path = "" }: LocateOptions): readonly string[] {
  // An empty entry means the current folder to a shell: a workspace is not trusted to bring the program along.
  return path.split(delimiter).filter((folder) => isAbsolute(folder));
}

function findIn(search: Search, folders: readonly string[]): readonly string[] | undefined {
  for (const folder of folders) {
    const candidate = namesOf(search)
      .map((name) => join(folder, name))
      .find((path) => isFile(path));
    if (candidate === undefined) {
      search.searched.push(folder);
      continue;
    }
    const native = nativeBeside(search, candidate);
    if (native !== undefined) return [native];
    const words = wordsOf(search, candidate);
    if (words !== undefined) return words;
  }
  return undefined;
}

function namesOf(search: Search): readonly string[] {
  const { program, options } = search;
  if (!isWindows(search)) return [program.binary];
  const extensions = (options.pathExtensions ?? ".EXE;.CMD").split(";").filter((extension) => extension !== "");
  return extensions.map((extension) => program.binary + extension.toLowerCase());
}

/** A wrapper installed by npm has its native package in a node_modules above its real place, or beside itself (Windows). */
function nativeBeside(search: Search, wrapper: string): string | undefined {
  return (
    nativeAbove(search, dirname(realpathSync(wrapper))) ?? nativeIn(search, join(dirname(wrapper), "node_modules"))
  );
}

function nativeAbove(search: Search, start: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const native = nativeIn(search, join(folder, "node_modules"));
    if (native !== undefined) return native;
    if (dirname(folder) === folder) return undefined;
  }
}

function nativeIn(search: Search, modules: string): string | undefined {
  if (!isFolder(modules)) return undefined;
  for (const { name, path } of search.program.nativePackages) {
    if (!isForMachine(name, search.options)) continue;
    for (const candidate of expand(join(modules, name), path.split("/"))) {
      if (isFile(candidate) && fits(search, candidate)) return candidate;
    }
  }
  return undefined;
}

/** Packages are named by platform and processor; one of another machine is left alone. */
function isForMachine(name: string, { platform = process.platform, arch = process.arch }: LocateOptions): boolean {
  const words = name.split(/[-/_]/);
  const platforms = { linux: "linux", darwin: "darwin", win32: "win32", windows: "win32", android: "android" };
  const namedPlatform = Object.entries(platforms).find(([word]) => words.includes(word))?.[1];
  const namedArch = ["x64", "arm64"].find((word) => words.includes(word));
  return (namedPlatform ?? platform) === platform && (namedArch ?? arch) === arch;
}

/** A path inside a package, where `*` stands for any one folder. */
function expand(folder: string, rest: readonly string[]): readonly string[] {
  const [segment, ...more] = rest;
  if (segment === undefined) return [folder];
  if (segment !== "*") return expand(join(folder, segment), more);
  return namesIn(folder)
    .toSorted()
    .flatMap((name) => expand(join(folder, name), more));
}

/** Empty for what is no folder, or not ours to look into. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return lookAt(path)?.isFile() === true;
}

function isFolder(path: string): boolean {
  return lookAt(path)?.isDirectory() === true;
}
