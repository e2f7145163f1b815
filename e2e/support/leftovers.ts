import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A process that should be gone. */
export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/**
 * The living processes whose environment holds this text, zombies left out. Everything a rig starts inherits its home folder
 * and every process of an attempt carries the attempt's marker, so nothing escapes this by leaving its session or its parent.
 * Linux only: elsewhere it finds nothing.
 */
export function processesWith(text: string): readonly Leftover[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const environment = contentOf(`/proc/${name}/environ`);
      if (!environment.includes(text)) return [];
      return [{ pid: Number(name), command: contentOf(`/proc/${name}/cmdline`).replaceAll("\0", " ").slice(0, 200) }];
    });
}

/** What is still there once it has had `patienceMs` to go. */
export async function leftoversAfter(patienceMs: number, text: string): Promise<readonly Leftover[]> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const alive = processesWith(text);
    if (alive.length === 0 || performance.now() >= until) return alive;
    await wait(50);
  }
}

/** The first process with this text in its environment that matches, as soon as there is one. */
export async function processThat(matches: (process: Leftover) => boolean, text: string): Promise<Leftover> {
  for (;;) {
    const found = processesWith(text).find(matches);
    if (found !== undefined) return found;
    await wait(25);
  }
}

/** Empty for a process that has just gone, is a zombie, or is not ours to look at. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
