import { useQuery } from "@tanstack/react-query";
import type { Answer, Routes } from "@claude-orchestrator/protocol";
import { useDeferredValue, useMemo } from "react";
import { api } from "../../../data/api.ts";
import type { LogPlace } from "../../../data/api.ts";
import { useAddress } from "../../../data/useAddress.ts";
import { useParam } from "../../../data/useParam.ts";

export interface LogSearchState {
  readonly text: string;
  /** True: the text is a regular expression. */
  readonly isPattern: boolean;
  /** The first thousand lines that have it. */
  readonly lines: readonly number[];
  readonly found: { readonly data: Answer<Routes["searchLog"]> | undefined; readonly error: unknown };
  readonly look: (text: string, isPattern: boolean) => void;
}

/** What the address looks for, over the whole output; what is not looked for any more is given up on the server too. */
export function useLogSearch(run: string, place: LogPlace): LogSearchState {
  const [text] = useParam("find");
  const [regex] = useParam("regex");
  const { go } = useAddress();
  const isPattern = regex === "true";
  // A blank at an end may be meant in a pattern.
  const wanted = useDeferredValue(isPattern ? text : text.trim());
  const { data, error } = useQuery({
    queryKey: ["log-search", run, place, wanted, isPattern],
    queryFn: ({ signal }) => api.searchLog(run, { ...place, text: wanted, regex: isPattern, limit: 1000 }, signal),
    enabled: wanted !== "",
  });
  const lines = useMemo(() => (wanted === "" ? [] : (data?.matches ?? []).map(({ line }) => line)), [wanted, data]);
  return {
    text,
    isPattern,
    lines,
    found: { data, error: wanted === "" ? null : error },
    look: (next, asPattern) => go({ find: next, regex: asPattern ? "true" : undefined }),
  };
}
