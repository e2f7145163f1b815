import type { ProcessIdentity } from "@claude-orchestrator/domain";
import type { ProcessListing, ProcessRow } from "../platform/platform.ts";
import type { PidNamespace } from "./pidNamespace.ts";

/** What is known of one attempt's processes. */
export interface Family {
  /** The process we started, which leads a session and a group. */
  readonly root: ProcessIdentity;
  /**
   * We know of the root that it lives, or saw it end: its number, as that of a session, a group or a parent, is evidence.
   * False where it ended unseen (an earlier supervisor had it), for the number may have been another's since.
   */
  readonly rootWatched: boolean;
  /** The PID namespace that was made for the attempt, where it has one. */
  readonly namespace?: PidNamespace;
  /** `NAME=value`. */
  readonly marker: string;
  /** Descendants seen earlier, while their line to the root could still be followed: keys of `rowKey`. */
  readonly known: Set<string>;
}

export function rowKey(row: { readonly pid: number; readonly startTime: string }): string {
  return `${row.pid}:${row.startTime}`;
}

/** A process table that answers by each kind of evidence without going through all of it again. */
export interface ListingIndex {
  readonly incomplete: boolean;
  readonly byPid: ReadonlyMap<number, ProcessRow>;
  readonly byMarker: ReadonlyMap<string, readonly ProcessRow[]>;
  readonly bySession: ReadonlyMap<number, readonly ProcessRow[]>;
  readonly byGroup: ReadonlyMap<number, readonly ProcessRow[]>;
  readonly byParent: ReadonlyMap<number, readonly ProcessRow[]>;
  readonly byNamespace: ReadonlyMap<string, readonly ProcessRow[]>;
  /** Ourselves and whoever started us: never part of any family. */
  readonly untouchable: ReadonlySet<number>;
}

export function indexListing(listing: ProcessListing, ownPid: number): ListingIndex {
  const { rows } = listing;
  const live = rows.filter((row) => !row.zombie);
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  return {
    incomplete: listing.incomplete,
    byPid,
    byMarker: groupBy(live, (row) => row.markers),
    bySession: groupBy(live, (row) => [row.session]),
    byGroup: groupBy(live, (row) => [row.group]),
    byParent: groupBy(rows, (row) => [row.parent]),
    byNamespace: groupBy(live, ({ namespace }) => (namespace === undefined ? [] : [namespace])),
    untouchable: new Set([0, 1, ...lineOf(ownPid, byPid)]),
  };
}

/** Ourselves and our ancestors as far as they are listed; those older than every family's root need no mention. */
function lineOf(ownPid: number, byPid: ReadonlyMap<number, ProcessRow>): ReadonlySet<number> {
  const line = new Set<number>();
  for (let pid: number | undefined = ownPid; pid !== undefined && !line.has(pid); pid = byPid.get(pid)?.parent) {
    line.add(pid);
  }
  return line;
}

/**
 * The living processes that belong to an attempt, its root apart. Evidence: its marker in the environment; the session or
 * group its root made (their number is not given out again while a member lives); having been seen below the root before;
 * or a parent of which one of these is true; or the namespace that was made for it, while that is there. Never one that is older than the root, and never ourselves.
 */
export function findFamily(index: ListingIndex, family: Family): readonly ProcessRow[] {
  const { root, namespace } = family;
  const found = new Map<number, ProcessRow>();
  const pending: ProcessRow[] = [];

  const take = (row: ProcessRow, afterStart: number): void => {
    if (found.has(row.pid) || row.pid === root.pid || index.untouchable.has(row.pid)) return;
    if (namespace?.keepers.has(row.pid) === true) return;
    if (Number(row.startTime) < afterStart) return;
    found.set(row.pid, row);
    pending.push(row);
  };

  const rootStart = Number(root.startTime);
  const seed = (rows: readonly ProcessRow[] | undefined): void => rows?.forEach((row) => take(row, rootStart));

  seed(index.byMarker.get(family.marker));
  const holder = index.byPid.get(root.pid);
  // Another process with the root's pid means that the number was given out again: then it is no evidence any more. 0 is no
  // process at all, but the parent of the first ones, and the session and group of all that came into a container from
  // outside: taken for a root, everything on the machine would be its family.
  if (root.pid > 0 && family.rootWatched && (holder === undefined || holder.startTime === root.startTime)) {
    seed(index.bySession.get(root.pid));
    seed(index.byGroup.get(root.pid));
    seed(index.byParent.get(root.pid));
  }
  // Asked after the table was read: a namespace that is there now was there then, under this name.
  const namespaceId = namespace?.id;
  if (namespaceId !== undefined) seed(index.byNamespace.get(namespaceId));
  for (const key of family.known) {
    const row = index.byPid.get(Number(key.slice(0, key.indexOf(":"))));
    if (row !== undefined && rowKey(row) === key) take(row, rootStart);
  }
  for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
    const bornAfter = Number(row.startTime);
    index.byParent.get(row.pid)?.forEach((child) => take(child, bornAfter));
  }
  return [...found.values()].filter((row) => !row.zombie);
}

function groupBy<Key>(
  rows: readonly ProcessRow[],
  keysOf: (row: ProcessRow) => readonly Key[],
): ReadonlyMap<Key, readonly ProcessRow[]> {
  const groups = new Map<Key, ProcessRow[]>();
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
  }
  return groups;
}
