import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Answer, Routes } from "@claude-orchestrator/protocol";
import { useEffect, useState } from "react";
import { api } from "../../data/api.ts";
import { draftProblems, hasContent, wishOf } from "./draft.ts";
import type { Draft } from "./draft.ts";

/** So long nothing must be typed before the server is asked. */
const quietMs = 500;

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

function useQuietly(value: string): string {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), quietMs);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}
