import { useQueries } from "@tanstack/react-query";
import { api } from "../../data/api.ts";
import type { UsageQuery } from "../../data/api.ts";
import { useClock } from "../../settings/SettingsProvider.tsx";
import type { Period } from "./dayBars.ts";
import type { Dimension, RequestsDocument, UsageDocument } from "./usageDocument.ts";

/** Runs end all the while: the figures are asked for again so often, as long as they are looked at. */
const againMs = 30_000;

const mostRequests = 20;

export interface Usage {
  /** Each undefined until it is known; as it was, where the server does not answer. */
  readonly days: UsageDocument | undefined;
  readonly sums: UsageDocument | undefined;
  readonly dearest: RequestsDocument | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The same time in three ways: by day, by what was chosen, and its dearest requests. */
export function useUsage({ from, to }: Period, by: Dimension, withDemo: boolean): Usage {
  const { zone } = useClock();
  const query: UsageQuery = {
    tz: zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to }),
    ...(withDemo ? { include_demo: true } : {}),
  };
  const asked = (way: Pick<UsageQuery, "by" | "top">) => ({
    queryKey: ["usage", query, way],
    queryFn: () => api.usage({ ...query, ...way }) as Promise<unknown>,
    refetchInterval: againMs,
  });
  const [days, sums, dearest] = useQueries({
    queries: [asked({ by: "day" }), asked({ by }), asked({ top: mostRequests })],
  });
  return {
    days: days.data as UsageDocument | undefined,
    sums: sums.data as UsageDocument | undefined,
    dearest: dearest.data as RequestsDocument | undefined,
    error: days.error ?? sums.error ?? dearest.error,
    retry: () => void Promise.all([days.refetch(), sums.refetch(), dearest.refetch()]),
  };
}
