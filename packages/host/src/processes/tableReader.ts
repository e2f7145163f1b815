import type { ListingQuery, Platform, ProcessListing, ProcessRow } from "../platform/platform.ts";
import type { SpareDescriptor } from "./spareDescriptor.ts";
import { indexListing, type Family, type ListingIndex } from "./family.ts";

/** Readings asked for within this time are one, at least. */
const shareMs = 10;
const mostPauseMs = 60;
/** How long one attempt to catch a short-lived process may block us. */
const huntMs = 12;
const listingTries = 50;

/** Reads the machine's process table for many who ask at the same time. */
export interface TableReader {
  /** A reading that begins after this call. Not urgent: shared by all who ask within a while. */
  read(urgent: boolean): Promise<ListingIndex>;
  /** Members of an ended family that were caught among the newest processes, and stand still now. */
  catchNewest(marker: string): Promise<readonly ProcessRow[]>;
  /** At once, where the platform can. */
  readNow(): ListingIndex | undefined;
}

export function createTableReader(
  platform: Platform,
  now: () => number,
  families: ReadonlySet<Family>,
  spare: SpareDescriptor,
): TableReader {
  let next: Promise<ListingIndex> | undefined;
  let nextUrgent: Promise<ListingIndex> | undefined;
  let nextHunt: Promise<readonly ProcessRow[]> | undefined;
  const hunted = new Set<string>();
  let lastBegan = -Infinity;
  let lastCost = 0;

  const readTable = async (): Promise<ListingIndex> => {
    lastBegan = now();
    const listing = await listPatiently(() => spare.lend(() => platform.list(queryFor(families))));
    const index = indexListing(listing, process.pid);
    lastCost = now() - lastBegan;
    return index;
  };

  return {
    read: (urgent) => {
      if (urgent) {
        nextUrgent ??= pause(0).then(() => {
          nextUrgent = undefined;
          return readTable();
        });
        return nextUrgent;
      }
      const due = lastBegan + Math.min(Math.max(shareMs, 5 * lastCost), mostPauseMs);
      next ??= pause(due - now()).then(() => {
        next = undefined;
        return readTable();
      });
      return next;
    },
    catchNewest: async (marker) => {
      hunted.add(marker);
      nextHunt ??= pause(0).then(() => {
        nextHunt = undefined;
        const markers = [...hunted];
        hunted.clear();
        return spare.lend(() => platform.catchNewest?.(markers, huntMs) ?? []);
      });
      return (await nextHunt).filter((row) => row.markers.includes(marker));
    },
    readNow: () => {
      const listing = spare.lend(() => platform.list(queryFor(families)));
      return listing instanceof Promise ? undefined : indexListing(listing, process.pid);
    },
  };
}

/** Out of file descriptors, or `ps` failed: both may pass, and whoever is left behind must be found. */
async function listPatiently(list: () => ProcessListing | Promise<ProcessListing>): Promise<ProcessListing> {
  for (let tries = 1; ; tries++) {
    try {
      return await list();
    } catch (error) {
      if (tries === listingTries) throw error;
      await pause(shareMs);
    }
  }
}

function queryFor(families: ReadonlySet<Family>): ListingQuery {
  return {
    markerNames: [...new Set([...families].map(({ marker }) => marker.slice(0, marker.indexOf("="))))],
    namespaces: [...families].some(({ namespace }) => namespace !== undefined),
    notBefore: Math.min(...[...families].map(({ root }) => Number(root.startTime))),
  };
}

function pause(ms: number): Promise<unknown> {
  return new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)));
}
