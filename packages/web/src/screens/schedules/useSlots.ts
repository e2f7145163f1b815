import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../../data/api.ts";
import { RequestProblem } from "../../data/ask.ts";
import { useQuietly } from "../../data/useQuietly.ts";
import { isZone } from "./scheduleDraft.ts";

export interface Slots {
  /** ISO dates in UTC, of the pattern and the zone that were asked about last. */
  readonly next: readonly string[];
  readonly zone: string;
  /** What is wrong with the pattern, in the server's words. */
  readonly problem: string | undefined;
  /** True where that is about what is written now. */
  readonly isCurrent: boolean;
}

const none: readonly string[] = [];

/** When a pattern comes next, asked anew whenever typing pauses. Nothing is scheduled. */
export function useSlots(cron: string, zone: string): Slots {
  const isReady = cron.trim() !== "" && isZone(zone);
  const wish = isReady ? JSON.stringify({ cron: cron.trim(), tz: zone.trim() }) : "";
  const asked = useQuietly(wish);
  const { data, error, isFetching } = useQuery({
    queryKey: ["slots", asked],
    queryFn: () => api.slots(JSON.parse(asked)),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const isCurrent = wish !== "" && asked === wish && !isFetching;
  const problem = isCurrent && error instanceof RequestProblem ? problemWords(error) : undefined;
  const told = wish === "" || problem !== undefined || data === undefined ? { next: none, zone } : data;
  return { ...told, problem, isCurrent };
}

/** Under its field nobody needs to be told which flag it is in a terminal. */
function problemWords({ problem: { detail = "", hint } }: RequestProblem): string {
  const what = detail.replace(/^`--cron ".*"` /s, "It ").replace(/ \(.*\)$/s, "");
  return hint === undefined ? what : `${what}: ${hint}`;
}
