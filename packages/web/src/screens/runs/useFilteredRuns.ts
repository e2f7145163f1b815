import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { api } from "../../data/api.ts";
import { useRunList } from "../../data/LiveProvider.tsx";

/** More than anybody scrolls through; the server is asked for all of them once. */
const mostRuns = 10_000;

export interface FilteredRuns {
  /** Newest first; undefined before the first answer. */
  readonly runs: readonly RunSummaryDocument[] | undefined;
  /** How many there are without the filter. */
  readonly total: number;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The whole list with what the stream has told since, filtered here: typing asks nobody. */
export function useFilteredRuns(text: string, status: string): FilteredRuns {
  const query = useQuery({ queryKey: ["runs"], queryFn: () => api.runs({ limit: mostRuns }) });
  const live = useRunList();
  const told = query.data?.runs;
  const all = useMemo(() => merged(told, live), [told, live]);
  const runs = useMemo(() => all?.filter((run) => fits(run, text, status)), [all, text, status]);
  return { runs, total: all?.length ?? 0, error: query.error, retry: () => void query.refetch() };
}

/** What the stream says of a run is newer than what was asked for. */
export function merged(
  told: readonly RunSummaryDocument[] | undefined,
  live: readonly RunSummaryDocument[] | undefined,
): readonly RunSummaryDocument[] | undefined {
  if (told === undefined) return live;
  const newer = new Map((live ?? []).map((run) => [run.run, run]));
  const known = told.map((run) => newer.get(run.run) ?? run);
  const ids = new Set(told.map(({ run }) => run));
  const fresh = (live ?? []).filter(({ run }) => !ids.has(run));
  return [...fresh, ...known].toSorted((a, b) => (b.created_at ?? "").localeCompare(a.created_at ?? ""));
}

/** Each word of the text must be in the name, the id or the status. */
export function fits(run: Pick<RunSummaryDocument, "run" | "name" | "status">, text: string, status: string): boolean {
  if (status !== "" && run.status !== status) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const where = `${run.name ?? ""} ${run.run} ${run.status}`.toLowerCase();
  return words.every((word) => where.includes(word));
}
