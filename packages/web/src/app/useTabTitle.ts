import { useEffect } from "react";
import { useRunList } from "../data/LiveProvider.tsx";
import { usePutAway, waiting } from "../data/putAway.ts";
import { iconState, useStatusIcon } from "./statusIcon.ts";

/** Before the page's own title, and in its icon: how many run, how many need somebody. Gives how many need somebody. */
export function useTabTitle(): number {
  const runs = useRunList() ?? [];
  const needing = waiting(runs, usePutAway());
  const attention = needing.length;
  const running = runs.filter(({ status }) => status === "running").length;
  useStatusIcon(iconState(needing, running));
  useEffect(() => {
    const counts = [running > 0 ? `${running} running` : "", attention > 0 ? `${attention} need you` : ""];
    const words = counts.filter((word) => word !== "").join(", ");
    const own = document.title.replace(/^\([^)]*\) /, "");
    document.title = words === "" ? own : `(${words}) ${own}`;
  });
  return attention;
}
