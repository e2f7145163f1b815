import type { Platform, ProcessRow } from "../platform/platform.ts";
import { findFamily, rowKey, type Family } from "./family.ts";
import { createSpareDescriptor } from "./spareDescriptor.ts";
import { createTableReader, type TableReader } from "./tableReader.ts";

/** What is left behind may end by itself for so long after SIGTERM. */
const politeMs = 150;
/** A sweep that has not succeeded by then is given up: something is left that not even SIGKILL ends. */
const sweepMs = 5_000;
/** Rounds of stopping newcomers before killing all that are stopped. */
const freezeRounds = 12;
/** Looks that found nobody but saw processes come and go, before nobody is believed; and of a family that was hard to end. */
const doubtfulLooks = 5;
const stubbornLooks = 15;

export interface Sweeper {
  /** From now on the marker of this family is looked for. */
  register(family: Family): void;
  unregister(family: Family): void;
  /**
   * The family's living members at some moment after this call, the root apart, by one look. They are remembered as its own,
   * also where by the time of the sweep nothing else says so any more.
   */
  look(family: Family): Promise<readonly ProcessRow[]>;
  /** The same of a family whose root has ended, by as many looks as it takes to be sure of nobody. */
  findLeft(family: Family): Promise<readonly ProcessRow[]>;
  /** Ends all living members (their root has ended); answers how many there were. */
  sweep(family: Family): Promise<number>;
  /** The same at once, without courtesy and without waiting, where the platform can: for a program about to end. */
  killNow(): void;
}

export function createSweeper(platform: Platform, now: () => number): Sweeper {
  const registered = new Set<Family>();
  const spare = createSpareDescriptor();
  const reader = createTableReader(platform, now, registered, spare);
  const { lookOnce, lookUntilSure, hunt } = createSearch(reader);

  /**
   * Stops members until neither a look nor a hunt finds one that runs, so that none can start another while the rest is
   * killed. A member that was gone before it could be stopped has perhaps started the next: it counts as one that runs.
   */
  const freeze = async (family: Family, first: readonly ProcessRow[], hard: boolean): Promise<Iterable<ProcessRow>> => {
    const frozen = new Map<string, ProcessRow>();
    let running = first;
    for (let round = 0; running.length > 0 && round < freezeRounds; round++) {
      const escaped = running.filter((row) => !platform.signal(row, "SIGSTOP", "process"));
      for (const row of running) frozen.set(rowKey(row), row);
      const caught = hard || escaped.length > 0 ? await hunt(family) : [];
      for (const row of caught) frozen.set(rowKey(row), row);
      running = (await lookOnce(family, true)).rows.filter((row) => !frozen.has(rowKey(row)));
    }
    return frozen.values();
  };

  /** Asks all to end, and lets the kernel end those of a namespace who do not; answers who is left. */
  const endPolitely = async (family: Family, signalled: Set<string>): Promise<readonly ProcessRow[]> => {
    const began = now();
    let left = await lookUntilSure(family);
    for (const row of left) {
      if (platform.signal(row, "SIGTERM", "process")) signalled.add(rowKey(row));
    }
    while (left.length > 0 && now() - began < politeMs) left = await lookUntilSure(family);
    if (left.length === 0 || family.namespace === undefined) return left;
    for (const row of left) signalled.add(rowKey(row));
    await family.namespace.end();
    return lookUntilSure(family);
  };

  const sweep = async (family: Family): Promise<number> => {
    const began = now();
    const signalled = new Set<string>();
    let left = await endPolitely(family, signalled);
    for (let round = 0; left.length > 0 && now() - began < sweepMs; round++) {
      for (const row of await freeze(family, left, round > 0)) {
        if (platform.signal(row, "SIGKILL", "process")) signalled.add(rowKey(row));
      }
      left = await lookUntilSure(family, round > 0 ? stubbornLooks : doubtfulLooks);
    }
    return signalled.size;
  };

  return {
    register: (family) => {
      registered.add(family);
      spare.hold();
    },
    unregister: (family) => {
      registered.delete(family);
      if (registered.size === 0) spare.release();
    },
    look: async (family) => (await lookOnce(family, false)).rows,
    findLeft: (family) => lookUntilSure(family),
    sweep,
    killNow: () => killAll(platform, reader, registered),
  };
}

function killAll(platform: Platform, reader: TableReader, registered: ReadonlySet<Family>): void {
  for (const { root, namespace } of registered) {
    platform.signal(root, "SIGKILL", "group");
    namespace?.endNow();
  }
  const index = registered.size === 0 ? undefined : reader.readNow();
  if (index === undefined) return;
  for (const family of registered) {
    for (const row of findFamily(index, family)) platform.signal(row, "SIGKILL", "process");
  }
}

function createSearch(reader: TableReader) {
  const lookOnce = async (family: Family, urgent: boolean): Promise<{ rows: readonly ProcessRow[]; sure: boolean }> => {
    const index = await reader.read(urgent);
    const rows = findFamily(index, family);
    for (const row of rows) family.known.add(rowKey(row));
    return { rows, sure: !index.incomplete };
  };

  const hunt = async (family: Family): Promise<readonly ProcessRow[]> => {
    const caught = await reader.catchNewest(family.marker);
    for (const row of caught) family.known.add(rowKey(row));
    return caught;
  };

  /** A process that ended during the reading may have started another just before: then nobody is not yet nobody. */
  const lookUntilSure = async (family: Family, most = doubtfulLooks): Promise<readonly ProcessRow[]> => {
    for (let looks = 1; ; looks++) {
      const { rows, sure } = await lookOnce(family, looks > 1 || most === stubbornLooks);
      if (rows.length > 0 || sure || looks >= most) return rows;
      if (looks === 1) continue;
      const caught = await hunt(family);
      if (caught.length > 0) return caught;
    }
  };

  return { lookOnce, lookUntilSure, hunt };
}
