import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { compareVersions, parseVersion } from "../releases/version.ts";

/*
 * Where versions of an executable stand: beside what people start, in a folder of its own.
 *
 *     bin/claude-orchestrator                                   what people start: a link to one of those below (Windows: a copy)
 *     bin/.claude-orchestrator/versions/1.2.0/claude-orchestrator
 *     bin/.claude-orchestrator/switch.json                      what was gone to last, and from where
 */
export interface Installation {
  /** What people start. Absolute. */
  readonly command: string;
  /** Holds the versions, the lock and the record of the last switch. */
  readonly root: string;
  /** Where links to a running program cannot be replaced, it is moved away instead. */
  readonly hasLinks: boolean;
}

const rootName = ".claude-orchestrator";

/** The installation that an executable belongs to, whether it was ever updated or lies there as it was downloaded. */
export function installationOf(executable: string, platform: NodeJS.Platform = process.platform): Installation {
  const slot = new RegExp(
    `^(.*)[\\\\/]${rootName.replace(".", "\\.")}[\\\\/]versions[\\\\/][^\\\\/]+[\\\\/]([^\\\\/]+)$`,
  ).exec(executable);
  const folder = slot?.[1] ?? dirname(executable);
  const name = slot?.[2] ?? basename(executable);
  return { command: join(folder, name), root: join(folder, rootName), hasLinks: platform !== "win32" };
}

export function versionsFolder({ root }: Installation): string {
  return join(root, "versions");
}

/** The executable of a version, whether it is there or not. */
export function slotOf(installation: Installation, version: string): string {
  return join(versionsFolder(installation), version, basename(installation.command));
}

/**
 * The version people start. @param running the version of this process, for an installation that does not tell: it was never
 * updated
 */
export function currentVersion(installation: Installation, running: string): string {
  if (!installation.hasLinks) return readSwitch(installation)?.to ?? running;
  try {
    const target = realpathSync(installation.command);
    const inside = realpathSync(versionsFolder(installation)) + sep;
    const version = target.startsWith(inside) ? basename(dirname(target)) : running;
    return parseVersion(version) === undefined ? running : version;
  } catch {
    return running;
  }
}

/** What people went to before the current version, where it is still there; undefined: nothing to go back to. */
export function previousVersion(installation: Installation, current: string): string | undefined {
  const last = readSwitch(installation);
  // Killed between the record and the switch, the record tells of something that did not happen.
  const previous = last?.to === current ? last.from : last?.before;
  if (previous === undefined || compareVersions(previous, current) === 0) return undefined;
  return isFile(slotOf(installation, previous)) ? previous : undefined;
}

/** Written before the switch itself. */
export interface SwitchRecord {
  readonly to: string;
  readonly from: string;
  /** What could have been gone back to before. */
  readonly before?: string;
}

export function switchFile({ root }: Installation): string {
  return join(root, "switch.json");
}

function readSwitch(installation: Installation): SwitchRecord | undefined {
  try {
    const found = JSON.parse(readFileSync(switchFile(installation), "utf8")) as SwitchRecord;
    const versions = [found.to, found.from, ...(found.before === undefined ? [] : [found.before])];
    // They become names of folders.
    return versions.every((version) => parseVersion(version) !== undefined) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
