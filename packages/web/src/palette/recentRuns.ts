import { useEffect } from "react";
import { useLocation } from "wouter";

const key = "recent-runs";
const mostRecent = 8;

/** The runs that were looked at last, the newest first. */
export function recentRuns(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((run) => typeof run === "string").slice(0, mostRecent) : [];
  } catch {
    return [];
  }
}

/** Remembers which run is looked at. */
export function useRememberedRun(): void {
  const [path] = useLocation();
  const run = runOf(path);
  useEffect(() => {
    if (run === undefined) return;
    try {
      const others = recentRuns().filter((each) => each !== run);
      localStorage.setItem(key, JSON.stringify([run, ...others].slice(0, mostRecent)));
    } catch {
      // A browser that keeps nothing remembers none.
    }
  }, [run]);
}

/** The run a path is of. */
export function runOf(path: string): string | undefined {
  return /^\/runs\/([^/]+)$/.exec(path)?.[1];
}
