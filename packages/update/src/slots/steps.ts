import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { parseVersion } from "../releases/version.ts";
import { moveInPlace, syncFile, writeInPlace } from "./durably.ts";
import { previousVersion, slotOf, switchFile, versionsFolder } from "./installation.ts";
import type { Installation, SwitchRecord } from "./installation.ts";
import { switchCommand } from "./switchCommand.ts";

/*
 * An update is steps. Killed within or between any two of them, there is a command that works, and the next update begins anew:
 *
 * 1. A version is in its folder whole or not at all: it is made in `NAME.partial` and renamed.
 * 2. Nothing is switched to that has not started and told its version.
 * 3. The record of a switch is written before it, and read so that one which did not happen does no harm.
 * 4. What is current, and what can be gone back to, is never removed; nor is anything for a month: runs go on with the program they
 *    were started by.
 */

export interface Step {
  readonly name: string;
  run(): Promise<void> | void;
}

/** Starts an executable and asks for its version; answers what is wrong, undefined where it is that version. */
export type CheckExecutable = (file: string, version: string) => Promise<string | undefined>;

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly check: CheckExecutable;
}

export interface Install extends Move {
  /** Writes the verified executable. */
  readonly fetch: (file: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const keptMs = 30 * 24 * 60 * 60_000;

/** From one version to another that is not there yet. One process at a time. */
export function installSteps(installation: Installation, install: Install): readonly Step[] {
  const { from, to, check } = install;
  const partial = partialOf(installation, to);
  return [
    { name: "clear", run: () => clear(installation) },
    {
      name: "fetch",
      run: async () => {
        mkdirSync(dirname(partial), { recursive: true });
        await install.fetch(partial);
        chmodSync(partial, 0o755);
        syncFile(partial);
      },
    },
    {
      name: "check",
      run: async () => {
        const problem = await check(partial, to);
        if (problem === undefined) return;
        rmSync(dirname(partial), { recursive: true, force: true });
        throw doesNotStart(to, problem, from);
      },
    },
    { name: "place", run: () => place(installation, to) },
    { name: "keep", run: () => keepPresent(installation, from) },
    ...switchSteps(installation, install),
    { name: "tidy", run: () => tidy(installation, install) },
  ];
}

/** To a version that is there already. */
export function returnSteps(installation: Installation, move: Move): readonly Step[] {
  const { from, to, check } = move;
  return [
    {
      name: "check",
      run: async () => {
        const problem = await check(slotOf(installation, to), to);
        if (problem !== undefined) throw doesNotStart(to, problem, from);
      },
    },
    ...switchSteps(installation, move),
  ];
}

function switchSteps(installation: Installation, { from, to, check }: Move): readonly Step[] {
  return [
    {
      name: "record",
      run: () => {
        const before = previousVersion(installation, from);
        const record: SwitchRecord = { to, from, ...(before === undefined ? {} : { before }) };
        writeInPlace(switchFile(installation), `${JSON.stringify(record)}\n`);
      },
    },
    { name: "switch", run: () => switchCommand(installation, to) },
    {
      name: "prove",
      run: async () => {
        const problem = await check(installation.command, to);
        if (problem === undefined) return;
        switchCommand(installation, from);
        throw doesNotStart(to, problem, from);
      },
    },
  ];
}

function doesNotStart(version: string, problem: string, from: string): UserError {
  return new UserError("update-refused", `${version} does not start here: ${problem}`, {
    hint: `${from} stays in place; report this with what \`claude-orchestrator doctor\` prints`,
  });
}

function partialOf(installation: Installation, version: string): string {
  return join(versionsFolder(installation), `${version}.partial`, basename(installation.command));
}

/** What one who was killed has left. */
function clear(installation: Installation): void {
  const folder = versionsFolder(installation);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".partial")) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function place(installation: Installation, version: string): void {
  const folder = dirname(slotOf(installation, version));
  // Of that version already, but not what people start: it was gone back from.
  rmSync(folder, { recursive: true, force: true });
  moveInPlace(dirname(partialOf(installation, version)), folder);
}

/** An executable that lies there as it was downloaded gets its place among the versions, so that it can be gone back to. */
function keepPresent(installation: Installation, version: string): void {
  const slot = slotOf(installation, version);
  if (existsSync(slot) || lstatSync(installation.command, { throwIfNoEntry: false }) === undefined) return;
  const partial = partialOf(installation, version);
  mkdirSync(dirname(partial), { recursive: true });
  copyFileSync(installation.command, partial);
  chmodSync(partial, 0o755);
  syncFile(partial);
  moveInPlace(dirname(partial), dirname(slot));
}

function tidy(installation: Installation, { from, to, now }: Install): void {
  const folder = versionsFolder(installation);
  // The month of what was left begins now.
  utimesSync(dirname(slotOf(installation, from)), now / 1000, now / 1000);
  for (const name of readdirSync(folder)) {
    if (name === from || name === to || parseVersion(name) === undefined) continue;
    const path = join(folder, name);
    if (now - statSync(path).mtimeMs > keptMs) rmSync(path, { recursive: true, force: true });
  }
}
