import { useEffect } from "react";
import { useStandings } from "./useStandings.ts";

/** The window's title: how many runs work and how many need somebody, then what the page is about. */
export function useWindowTitle(about: string): void {
  const { running, needing } = useStandings();
  const attention = needing.length;
  useEffect(() => {
    const waits = `${attention} ${attention === 1 ? "needs" : "need"} you`;
    const counts = [running > 0 ? `${running} running` : "", attention > 0 ? waits : ""];
    const words = counts.filter((word) => word !== "").join(", ");
    document.title = `${words === "" ? "" : `(${words}) `}${about} · claude-orchestrator`;
  }, [running, attention, about]);
}
