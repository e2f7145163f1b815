import { formatDuration } from "@claude-orchestrator/domain";
import { useEffect, useState } from "react";
import { useConnection } from "../data/LiveProvider.tsx";

/** How long something has lasted, counting on while it does; not further than the server was last heard. */
export function Lasting({ since, until }: { readonly since: number; readonly until?: number | undefined }) {
  const connection = useConnection();
  const stop = until ?? (connection.is === "reconnecting" ? connection.since : undefined);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (stop !== undefined) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [stop]);
  return <span>{shortly(Math.max(0, (stop ?? now) - since))}</span>;
}

/** Tenths of a second flicker and say nothing once something has lasted for ten. */
export function shortly(ms: number): string {
  return formatDuration(ms < 10_000 ? ms : Math.round(ms / 1000) * 1000).replace(/^(\d\d)\.0s$/, "$1s");
}
