import { useEffect, useMemo, useRef, useState } from "react";
import type { PlanGraph } from "./graphOf.ts";
import type { GraphLayout, LayoutInput } from "./layout.ts";

export interface LaidOut {
  readonly layout: GraphLayout | undefined;
  readonly error: string | undefined;
}

/** Where everything goes, worked out off the main thread; anew only where boxes or lines are others, not as states change. */
export function useLayout({ nodes, edges, joints }: PlanGraph): LaidOut {
  const input: LayoutInput = { boxes: nodes.map(({ id }) => id), edges, joints };
  // Boxes are others only where lines are drawn anew as well.
  const key = useMemo(() => JSON.stringify([input.boxes, edges.map(({ from, to }) => [from, to])]), [edges]);
  const [laidOut, setLaidOut] = useState<LaidOut & { readonly key: string }>();
  const worker = useRef<Worker | undefined>(undefined);
  useEffect(() => {
    const begun = new Worker(new URL("layout.worker.ts", import.meta.url), { type: "module" });
    worker.current = begun;
    return () => begun.terminate();
  }, []);
  const asked = useRef(0);
  useEffect(() => {
    const at = worker.current;
    if (at === undefined) return undefined;
    asked.current += 1;
    const number = asked.current;
    const onMessage = ({ data }: MessageEvent<{ readonly number: number; readonly layout: GraphLayout }>): void => {
      if (data.number === number) setLaidOut({ key, layout: data.layout, error: undefined });
    };
    const onError = ({ message }: ErrorEvent): void => setLaidOut({ key, layout: undefined, error: message });
    at.addEventListener("message", onMessage);
    at.addEventListener("error", onError);
    at.postMessage({ number, input }, { transfer: [] });
    return () => {
      at.removeEventListener("message", onMessage);
      at.removeEventListener("error", onError);
    };
    // The key is all that the input is.
  }, [key]);
  return laidOut?.key === key ? laidOut : { layout: undefined, error: undefined };
}
