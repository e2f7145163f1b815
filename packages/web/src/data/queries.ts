import { QueryClient } from "@tanstack/react-query";
import { RequestProblem } from "./ask.ts";

/** What the server refuses is not asked for again; a server that does not answer is, twice. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => !(error instanceof RequestProblem) && count < 2,
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
