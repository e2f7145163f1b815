/** A program and its arguments as they are handed to `spawn`. */
export interface SpawnWords {
  readonly program: string;
  readonly args: readonly string[];
  /** They stand in the command line as they are: whoever reads it has quotes of its own. */
  readonly windowsVerbatimArguments?: true;
}

/**
 * A command line of Windows is one text that each program takes apart by itself. Node quotes for those that read it as C does, which
 * is right for all but cmd.exe: to that, `\"` is a backslash and a quote. With `/s` it takes off the first and the last quote and
 * runs what is between them as it was written.
 */
export function spawnWords(
  [program, ...args]: readonly [string, ...string[]],
  platform: NodeJS.Platform = process.platform,
): SpawnWords {
  const [script = ""] = args.slice(-1);
  const switches = args.slice(0, -1);
  const isScript = platform === "win32" && /(?:^|[\\/])cmd(?:\.exe)?$/i.test(program) && switches.at(-1) === "/c";
  if (!isScript || !switches.includes("/s")) return { program, args };
  return { program, args: [...switches, `"${script}"`], windowsVerbatimArguments: true };
}

/**
 * The environment of a process. Windows takes `Path` and `PATH` for one, and Node would hand over whichever comes first in the alphabet:
 * of such names the last is kept, which is what a person's file says over what the machine says.
 */
export function spawnEnvironment(
  variables: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  if (platform !== "win32") return { ...variables };
  const last = new Map(Object.keys(variables).map((name) => [name.toUpperCase(), name]));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => last.get(name.toUpperCase()) === name));
}

/** CreateProcess takes no longer folder to begin in (MAX_PATH less a separator and an end), whatever else of Windows takes longer paths. */
const longestWindowsFolder = 258;

/** Whether a process can begin in this folder, as far as the length of its path goes. */
export function isFolderTooLong(folder: string, platform: NodeJS.Platform = process.platform): boolean {
  return platform === "win32" && folder.length > longestWindowsFolder;
}
