import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../../data/api.ts";
import { wishOf } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { ForecastDocument } from "./forecastDocument.ts";
import type { Planned } from "./usePlanned.ts";

/** Runs of the past do not change from one keystroke to the next. */
const freshMs = 60_000;

export interface ForecastOfDraft {
  readonly forecast: ForecastDocument | undefined;
  readonly error: unknown;
}

/** What a run of the draft is expected to take; asked once it can start, for the server reads the runs of the past for it. */
export function useForecast(draft: Draft, { isCurrent, answer }: Planned): ForecastOfDraft {
  const canStart = isCurrent && answer?.ok === true;
  const wish = canStart ? JSON.stringify(wishOf(draft)) : "";
  const { data, error } = useQuery({
    queryKey: ["forecast", wish],
    queryFn: async () => (await api.plan({ ...JSON.parse(wish), forecast: true })).plan?.["forecast"] ?? null,
    enabled: canStart,
    staleTime: freshMs,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  return { forecast: (data ?? undefined) as ForecastDocument | undefined, error: canStart ? error : null };
}
