import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { useEffect } from "react";

export type IconState = "idle" | "running" | "attention" | "failed";

/** What the tab's icon says: what needs somebody before what runs, since that goes on by itself. Pure. */
export function iconState(waiting: readonly Pick<RunSummaryDocument, "status">[], running: number): IconState {
  if (waiting.some(({ status }) => status === "failed")) return "failed";
  if (waiting.length > 0) return "attention";
  return running > 0 ? "running" : "idle";
}

/** Each state has a shape of its own, not only a colour. */
export function useStatusIcon(state: IconState): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link !== null) link.href = new URL(state === "idle" ? "icon.svg" : `icon-${state}.svg`, document.baseURI).href;
  }, [state]);
}
