import { useEffect } from "react";
import { useRunList } from "../data/LiveProvider.tsx";
import { usePutAway, waiting } from "../data/putAway.ts";

/** Before the page's own title: how many run, how many need somebody. Gives how many need somebody. */
export function useTabTitle(): number {
  const runs = useRunList() ?? [];
  const attention = waiting(runs, usePutAway()).length;
  const running = runs.filter(({ status }) => status === "running").length;
  useEffect(() => {
    const counts = [running > 0 ? `${running} running` : "", attention > 0 ? `${attention} need you` : ""];
    const words = counts.filter((word) => word !== "").join(", ");
    const own = document.title.replace(/^\([^)]*\) /, "");
    document.title = words === "" ? own : `(${words}) ${own}`;
  });
  return attention;
}
