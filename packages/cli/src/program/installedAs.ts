import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { isOfWheel } from "./isOfWheel.ts";

/** Who put this program where it is, and so who can put a newer one there. */
export type InstalledForm = "source" | "npm" | "executable" | "wheel" | "deb" | "homebrew" | "scoop" | "chocolatey";

export interface Installed {
  readonly form: InstalledForm;
  /** Absolute: the executable, or the file that Node was started with. */
  readonly path: string;
}

/** How this process was started: what `process` says of it. */
export interface Start {
  readonly argv: readonly string[];
  readonly argv0: string;
}

/** Lies beside `dist` in what an executable unpacks, and nowhere else. */
const executableMark = "LICENSE-node";

/** How the program that runs was installed. */
export function installedAs({ argv, argv0 }: Start = process): Installed {
  const entry = realPathOf(argv[1] ?? "");
  // The launcher's path is the first word it gives to Node.
  if (existsSync(join(dirname(entry), "..", executableMark))) {
    return { form: isOfWheel(argv0) ? "wheel" : formOfExecutable(argv0), path: argv0 };
  }
  return { form: /[\\/]node_modules[\\/]claude-orchestrator[\\/]/.test(entry) ? "npm" : "source", path: entry };
}

const places: readonly (readonly [InstalledForm, RegExp])[] = [
  ["wheel", /[\\/](?:site|dist)-packages[\\/]/],
  ["homebrew", /\/Cellar\//],
  ["scoop", /\\scoop\\apps\\/i],
  ["chocolatey", /\\chocolatey\\lib\\/i],
  ["deb", /^\/usr\/(?:bin|lib)\//],
];

/** An executable that something else installed is in that one's place. */
export function formOfExecutable(path: string): InstalledForm {
  return places.find(([, pattern]) => pattern.test(path))?.[0] ?? "executable";
}

/** For `--version --verbose`. */
export function installedLines(): string {
  const { form, path } = installedAs();
  const { node } = process.versions;
  return `installed as ${form}: ${path}\nNode ${node} (${process.execPath}) on ${process.platform}-${process.arch}\n`;
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Removed since it was started.
    return path;
  }
}
