import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { api } from "../../data/api.ts";
import { dayAfter, isDay, startOfDay } from "../../data/days.ts";
import { useRunList } from "../../data/LiveProvider.tsx";
import { useClock } from "../../settings/SettingsProvider.tsx";

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
export function useFilteredRuns(filter: RunFilter): FilteredRuns {
  const query = useQuery({ queryKey: ["runs"], queryFn: () => api.runs({ limit: mostRuns }) });
  const live = useRunList();
  const told = query.data?.runs;
  const all = useMemo(() => merged(told, live), [told, live]);
  const { text, status, since, until } = filter;
  const { zone } = useClock();
  const runs = useMemo(() => {
    const begun = begunIn(since, until, Date.now(), zone);
    return all?.filter((run) => fits(run, { text, status }, begun));
  }, [all, text, status, since, until, zone]);
  return {
    runs,
    total: all?.length ?? 0,
    error: all === undefined ? query.error : null,
    retry: () => void query.refetch(),
  };
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

/** As the address says it; "" stands for everything. */
export interface RunFilter {
  readonly text: string;
  readonly status: string;
  /** A time before now, as `sinceChoices` names it, or a day. */
  readonly since: string;
  /** A day, it included. */
  readonly until: string;
}

/** ms since 1970, the second one not included; undefined where there is no bound. */
export interface Begun {
  readonly from: number | undefined;
  readonly before: number | undefined;
}

/** What the address says of the time, whatever it is; what it makes no sense of is no bound. Days are those of the zone. Pure. */
export function begunIn(since: string, until: string, now: number, zone?: string): Begun {
  const longest = sinceChoices.find(([name]) => name === since)?.[2];
  const day = isDay(since) ? startOfDay(since, zone) : undefined;
  return {
    from: longest === undefined ? day : now - longest,
    before: isDay(until) ? startOfDay(dayAfter(until, 1), zone) : undefined,
  };
}

const hourMs = 3_600_000;

/** Name, word, and how long ago in ms. */
export const sinceChoices = [
  ["1h", "the last hour", hourMs],
  ["24h", "the last 24 hours", 24 * hourMs],
  ["7d", "the last 7 days", 7 * 24 * hourMs],
  ["30d", "the last 30 days", 30 * 24 * hourMs],
] as const;

/** Each word of the text must be in the name, the id or the status. */
export function fits(
  run: Pick<RunSummaryDocument, "run" | "name" | "status" | "created_at">,
  { text, status }: Pick<RunFilter, "text" | "status">,
  { from, before }: Begun,
): boolean {
  if (status !== "" && run.status !== status) return false;
  const at = Date.parse(run.created_at ?? "");
  if (from !== undefined && !(at >= from)) return false;
  if (before !== undefined && !(at < before)) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const where = `${run.name ?? ""} ${run.run} ${run.status}`.toLowerCase();
  return words.every((word) => where.includes(word));
}
