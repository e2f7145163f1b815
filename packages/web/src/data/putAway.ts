import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { useSyncExternalStore } from "react";
import { needsSomebody } from "./attention.ts";

/** Which end of which run was put away: by its id, and when it ended. A run that fails anew is back. */
export type PutAway = Readonly<Record<string, string>>;

type Waits = Pick<RunSummaryDocument, "run" | "status" | "ended_at">;

const key = "put-away";

/** Older ones need nobody by now, so that they can be forgotten. */
const mostKept = 500;

/** A run that nobody supervises is taken up or ended: left alone it would stay as it is for ever. */
export function canBePutAway({ ended_at }: Pick<Waits, "ended_at">): boolean {
  return ended_at !== null;
}

/** The runs that wait for somebody, without what was put away. Pure. */
export function waiting<Run extends Waits>(runs: readonly Run[], away: PutAway): readonly Run[] {
  return runs.filter((run) => needsSomebody(run) && !(canBePutAway(run) && away[run.run] === run.ended_at));
}

/** The runs that would wait for somebody, had they not been put away. Pure. */
export function awayNow<Run extends Waits>(runs: readonly Run[], away: PutAway): readonly Run[] {
  const left = new Set(waiting(runs, away));
  return runs.filter((run) => needsSomebody(run) && !left.has(run));
}

/** With one more that is put away, or fewer by it. Pure. */
export function withPutAway(before: PutAway, run: Waits, isAway: boolean): PutAway {
  const { [run.run]: _old, ...rest } = before;
  const entries = Object.entries(isAway && run.ended_at !== null ? { ...rest, [run.run]: run.ended_at } : rest);
  return Object.fromEntries(entries.slice(-mostKept));
}

/** Whatever the browser kept. Pure. */
export function readPutAway(text: string | null): PutAway {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, end]) => typeof end === "string"));
  } catch {
    return {};
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Puts a run away in this browser, or brings it back. */
export function putAway(run: Waits, isAway = true): void {
  try {
    localStorage.setItem(key, JSON.stringify(withPutAway(readPutAway(stored()), run, isAway)));
  } catch {
    // A browser that keeps nothing shows it again.
  }
  window.dispatchEvent(new Event(key));
}

function subscribe(listener: () => void): () => void {
  // `storage` tells of what another tab put away.
  window.addEventListener(key, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(key, listener);
    window.removeEventListener("storage", listener);
  };
}

/** What was put away in this browser. */
export function usePutAway(): PutAway {
  return readPutAway(useSyncExternalStore(subscribe, stored));
}
