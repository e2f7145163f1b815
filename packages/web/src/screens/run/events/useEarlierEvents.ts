import { useMutation } from "@tanstack/react-query";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { useEffect, useMemo, useState } from "react";
import { api } from "../../../data/api.ts";
import { joinEvents } from "./joinEvents.ts";

/** As many are read at once. */
const pageEvents = 5_000;

export interface EarlierEvents {
  /** What the page keeps, and before it what was read. */
  readonly events: readonly LoggedEvent[];
  /** How many there are before the first of them. */
  readonly before: number;
  readonly read: () => void;
  readonly isReading: boolean;
  readonly error: unknown;
}

/** The page keeps the newest events of a run; the server has those before, a page at a time. */
export function useEarlierEvents(id: string, newest: readonly LoggedEvent[]): EarlierEvents {
  const [earlier, setEarlier] = useState<readonly LoggedEvent[]>([]);
  const events = useMemo(() => joinEvents(earlier, newest), [earlier, newest]);
  // The newest move on: what lies between them and what was read is kept as well.
  useEffect(() => {
    if (earlier.length > 0) setEarlier(events);
  }, [earlier.length, events]);
  const before = (events[0]?.seq ?? 1) - 1;
  const reading = useMutation({
    mutationFn: () => api.events(id, Math.max(1, before - pageEvents + 1), Math.min(pageEvents, before)),
    onSuccess: (page) => {
      const read = (page.events as unknown as readonly LoggedEvent[]).filter(({ seq }) => seq <= before);
      setEarlier([...read, ...events]);
    },
  });
  return { events, before, read: () => reading.mutate(), isReading: reading.isPending, error: reading.error };
}
