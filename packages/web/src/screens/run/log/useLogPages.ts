import { useEffect, useMemo, useSyncExternalStore } from "react";
import { api } from "../../../data/api.ts";
import { LogPages } from "./logPages.ts";
import type { LogState } from "./logPages.ts";

/** The output of an attempt, and how much of it there is. */
export function useLogPages(
  run: string,
  instance: string,
  attempt: number | undefined,
  stream: "stdout" | "stderr",
): { readonly pages: LogPages; readonly state: LogState } {
  const pages = useMemo(() => {
    const place = { instance, stream, ...(attempt === undefined ? {} : { attempt }) };
    return new LogPages({
      read: (query, signal) => api.log(run, { ...place, ...query }, signal),
      after: (ms, action) => void setTimeout(action, ms),
    });
  }, [run, instance, attempt, stream]);
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
