import type { QueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { api } from "./api.ts";
import { addressOf, RequestProblem } from "./ask.ts";
import { calmly } from "./calmly.ts";
import { forgetRuns, keepRuns, keptRuns } from "./keptRuns.ts";
import { Live } from "./live.ts";
import type { Connection, LiveParts, LiveState } from "./live.ts";
import { unknownRun } from "./runFold.ts";
import type { FoldedRun } from "./runFold.ts";

const LiveContext = createContext<Live | undefined>(undefined);

/** Gives everything below it the one stream of this page. */
export function LiveProvider({ queries, children }: { readonly queries: QueryClient; readonly children: ReactNode }) {
  const [live] = useState(() => new Live(browserParts()));
  useEffect(() => {
    live.connect();
    const comeBack = (): void => {
      if (document.visibilityState === "visible" && live.state.connection.is === "reconnecting") live.connect();
    };
    const online = (): void => live.connect();
    window.addEventListener("online", online);
    document.addEventListener("visibilitychange", comeBack);
    return () => {
      window.removeEventListener("online", online);
      document.removeEventListener("visibilitychange", comeBack);
      live.disconnect();
    };
  }, [live]);
  const { is } = useSyncExternalStore(
    (listener) => live.subscribe(listener),
    () => live.state.connection,
  );
  // What was asked for while nobody answered is asked for again.
  useEffect(() => {
    if (is === "live") void queries.invalidateQueries();
  }, [is, queries]);
  useEffect(() => keepAsTold(live), [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** So often at most the list is written down: it changes with every instance that ends. */
const keepEveryMs = 5_000;

/** Writes the list down as long as it is live; forgets it where somebody is signed out. */
function keepAsTold(live: Live): () => void {
  let kept: LiveState["runs"];
  const keep = (): void => {
    const { connection, runs } = live.state;
    if (connection.is === "signed-out") forgetRuns();
    if (connection.is !== "live" || runs === undefined || runs === kept) return;
    kept = runs;
    keepRuns({ at: Date.now(), runs });
  };
  const timer = setInterval(keep, keepEveryMs);
  const unsubscribe = live.subscribe(() => {
    if (kept === undefined || live.state.connection.is === "signed-out") keep();
  });
  window.addEventListener("pagehide", keep);
  return () => {
    clearInterval(timer);
    unsubscribe();
    window.removeEventListener("pagehide", keep);
  };
}

function browserParts(): LiveParts {
  return {
    open: (query, { batch, failed }) => {
      const source = new EventSource(`${addressOf("live")}?${query}`);
      source.addEventListener("message", ({ data }) => batch(String(data)));
      source.addEventListener("error", failed);
      return () => source.close();
    },
    changeTopics: (stream, runs) => api.changeTopics(stream, { runs: [...runs] }),
    isSignedIn: async () => {
      try {
        await api.session();
        return true;
      } catch (error) {
        return !(error instanceof RequestProblem && error.status === 401);
      }
    },
    kept: keptRuns,
    now: () => Date.now(),
    random: Math.random,
    after: (ms, action) => {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
  };
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("outside of LiveProvider");
  return live;
}

function useLiveState<Value>(pick: (state: LiveState) => Value): Value {
  const live = useLive();
  return useSyncExternalStore(
    (listener) => live.subscribe(listener),
    () => pick(live.state),
  );
}

/** A run may tell of a thousand things a second: no eye sees more than this, and the more instances, the longer each look takes. */
const leastCalmMs = 50;
const calmMs = 150;
/** Above the least, for each instance. */
const calmEachMs = 0.02;

/** While the past of a run still comes: what is shown of it is no news to anybody. */
const pastMs = 1_000;

function useCalmState<Value>(pick: (state: LiveState) => Value, everyMs: (live: Live) => number = calm): Value {
  const live = useLive();
  const subscribe = useCallback(
    (listener: () => void) => {
      const { call, cancel } = calmly(listener, () => everyMs(live));
      const leave = live.subscribe(call);
      return () => {
        leave();
        cancel();
      };
    },
    [live, everyMs],
  );
  return useSyncExternalStore(subscribe, () => pick(live.state));
}

function calm(): number {
  return calmMs;
}

export function useConnection(): Connection {
  return useLiveState(({ connection }) => connection);
}

/** Newest first; undefined until the server has told. */
export function useRunList(): readonly RunSummaryDocument[] | undefined {
  return useLiveState(({ runs }) => runs);
}

export function useServerVersion(): string | undefined {
  return useLiveState(({ serverVersion }) => serverVersion);
}

/** A run by its whole id, folded from its events and live as long as it is looked at. */
export function useRun(run: string): FoldedRun {
  const live = useLive();
  useEffect(() => live.watch(run), [live, run]);
  const everyMs = useCallback(
    ({ state: { folded, connection } }: Live) => {
      const known = folded.get(run);
      if (connection.is === "live" && known?.isLive === false) return pastMs;
      return leastCalmMs + calmEachMs * (known?.state?.instances.size ?? 0);
    },
    [run],
  );
  return useCalmState(({ folded }) => folded.get(run), everyMs) ?? unknownRun;
}

const none: ReadonlyMap<string, FoldedRun> = new Map();

/** Several at once, such as all that are at work: at most a hundred. */
export function useRuns(runs: readonly string[]): ReadonlyMap<string, FoldedRun> {
  const live = useLive();
  const wanted = runs.slice(0, 100).join(",");
  useEffect(() => {
    const leave = wanted === "" ? [] : wanted.split(",").map((run) => live.watch(run));
    return () => {
      for (const each of leave) each();
    };
  }, [live, wanted]);
  const folded = useCalmState((state) => state.folded);
  return wanted === "" ? none : folded;
}
