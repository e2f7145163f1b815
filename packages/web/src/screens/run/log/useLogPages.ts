import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { api } from "../../../data/api.ts";
import { LogPages } from "./logPages.ts";
import type { LogState } from "./logPages.ts";

/** The output of an attempt, and how much of it there is. Whoever comes back finds what was read, also where no server answers. */
export function useLogPages(
  run: string,
  instance: string,
  attempt: number | undefined,
  stream: "stdout" | "stderr",
): { readonly pages: LogPages; readonly state: LogState } {
  const queries = useQueryClient();
  const pages = useMemo(() => {
    const key = ["log", run, instance, attempt ?? 0, stream];
    const known = queries.getQueryData<LogPages>(key);
    if (known !== undefined) return known;
    const place = { instance, stream, ...(attempt === undefined ? {} : { attempt }) };
    const fresh = new LogPages({
      read: (query, signal) => api.log(run, { ...place, ...query }, signal),
      after: (ms, action) => void setTimeout(action, ms),
    });
    queries.setQueryData(key, fresh);
    return fresh;
  }, [queries, run, instance, attempt, stream]);
  useEffect(() => {
    pages.begin();
    return () => pages.close();
  }, [pages]);
  const state = useSyncExternalStore(
    (listener) => pages.subscribe(listener),
    () => pages.state,
  );
  return { pages, state };
}
