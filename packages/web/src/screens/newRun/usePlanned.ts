import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer, Routes } from "@claude-orchestrator/protocol";
import { api } from "../../data/api.ts";
import { useQuietly } from "../../data/useQuietly.ts";
import { draftProblems, hasContent, wishOf } from "./draft.ts";
import type { Draft } from "./draft.ts";

export interface Planned {
  /** Of the last draft that was asked about; undefined before. */
  readonly answer: Answer<Routes["planRun"]> | undefined;
  readonly error: unknown;
  /** True where the answer is to what is written now. */
  readonly isCurrent: boolean;
}

/** What a run of the draft would do, asked anew whenever typing pauses. Starts nothing. */
export function usePlanned(draft: Draft): Planned {
  const isReady = hasContent(draft) && Object.keys(draftProblems(draft)).length === 0;
  const wish = isReady ? JSON.stringify(wishOf(draft)) : "";
  const asked = useQuietly(wish);
  const { data, error, isFetching } = useQuery({
    queryKey: ["plan", asked],
    queryFn: () => api.plan(JSON.parse(asked)),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const isCurrent = wish !== "" && asked === wish && !isFetching;
  return { answer: wish === "" ? undefined : data, error: wish === "" ? null : error, isCurrent };
}
