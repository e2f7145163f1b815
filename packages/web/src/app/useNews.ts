import { useEffect, useRef } from "react";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { useConnection, useRunList } from "../data/LiveProvider.tsx";
import { useSettings } from "../settings/SettingsProvider.tsx";
import { announce } from "./announcer.ts";
import { newsOf } from "./news.ts";

/** Reads out, once each, what ends and what needs somebody, while the page is open; not what was so before. */
export function useNews(): void {
  const runs = useRunList();
  const isLive = useConnection().is === "live";
  const [{ announces }] = useSettings();
  const before = useRef<readonly RunSummaryDocument[]>(undefined);
  useEffect(() => {
    if (runs === undefined || !isLive) return;
    const news = newsOf(before.current ?? runs, runs);
    before.current = runs;
    if (announces && news.length > 0) announce(news.join("; "));
  }, [runs, isLive, announces]);
}
