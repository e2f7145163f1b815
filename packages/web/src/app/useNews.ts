import { useEffect, useRef } from "react";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { useConnection, useLive, useRunList } from "../data/LiveProvider.tsx";
import { useSettings } from "../settings/SettingsProvider.tsx";
import { announce } from "./announcer.ts";
import { newsOf } from "./news.ts";

interface Heard {
  readonly runs: readonly RunSummaryDocument[];
  /** By the server's clock, ms since 1970: what ended earlier had ended before one looked. */
  readonly since: number;
}

/** Reads out, once each, what ends and what needs somebody, while the page is open; not what was so before. */
export function useNews(): void {
  const runs = useRunList();
  const isLive = useConnection().is === "live";
  const [{ announces }] = useSettings();
  const live = useLive();
  const before = useRef<Heard>(undefined);
  useEffect(() => {
    if (runs === undefined || !isLive) return;
    const heard = before.current ?? { runs, since: Date.now() + live.state.clockAhead };
    before.current = { ...heard, runs };
    const news = newsOf(heard.runs, runs, heard.since);
    if (announces && news.length > 0) announce(news.join("; "));
  }, [runs, isLive, announces, live]);
}
