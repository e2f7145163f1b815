import type { RunSummaryDocument } from "@claude-orchestrator/protocol";

/** The list of runs as it was last told, for when the server does not answer. */
export interface KeptRuns {
  /** ms since 1970: when it was told. */
  readonly at: number;
  readonly runs: readonly RunSummaryDocument[];
}

const key = "last-runs";

/** Newest first, so that what is left out is old. */
const mostRuns = 200;

export function keptRuns(): KeptRuns | undefined {
  try {
    return readKeptRuns(localStorage.getItem(key));
  } catch {
    return undefined;
  }
}

export function keepRuns({ at, runs }: KeptRuns): void {
  try {
    localStorage.setItem(key, JSON.stringify({ at, runs: runs.slice(0, mostRuns) }));
  } catch {
    // A browser that keeps nothing shows nothing while the server is away.
  }
}

/** For whoever is signed out: the list is no longer theirs to see. */
export function forgetRuns(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then there is nothing to forget.
  }
}

/** Whatever the browser kept; undefined where it is no list of runs. Pure. */
export function readKeptRuns(text: string | null): KeptRuns | undefined {
  if (text === null) return undefined;
  try {
    const { at, runs } = JSON.parse(text) as Partial<Record<"at" | "runs", unknown>>;
    if (typeof at !== "number" || !Array.isArray(runs) || !runs.every(isSummary)) return undefined;
    return { at, runs };
  } catch {
    return undefined;
  }
}

function isSummary(value: unknown): value is RunSummaryDocument {
  if (typeof value !== "object" || value === null) return false;
  const { run, status, verdicts, instances } = value as Readonly<Record<string, unknown>>;
  const isNamed = typeof run === "string" && typeof status === "string";
  return isNamed && typeof instances === "number" && typeof verdicts === "object" && verdicts !== null;
}
