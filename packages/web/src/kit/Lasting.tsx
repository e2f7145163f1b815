import { formatDuration } from "@claude-orchestrator/domain";
import { useEffect, useState } from "react";

/** How long something has lasted, counting on while it does. */
export function Lasting({ since, until }: { readonly since: number; readonly until?: number | undefined }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until !== undefined) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return <span>{shortly(Math.max(0, (until ?? now) - since))}</span>;
}

/** Tenths of a second flicker and say nothing once something has lasted for ten. */
export function shortly(ms: number): string {
  return formatDuration(ms < 10_000 ? ms : Math.round(ms / 1000) * 1000).replace(/^(\d\d)\.0s$/, "$1s");
}
