import { stateWord } from "../../../kit/StateMark.tsx";
import type { Span, SpanKind, TimelineRow } from "./spans.ts";

/** Attempts stand below one another, as many as there are; of very many, the last ones share a lane. */
export const mostLanes = 5;
export const laneHeight = 22;

export function lanesOf({ spans }: TimelineRow): number {
  return Math.min(mostLanes, Math.max(1, ...spans.map(({ attempt }) => attempt)));
}

const kinds: Readonly<Record<SpanKind, string>> = {
  needs: "waits for what it needs",
  slot: "waits for its turn",
  held: "held back",
  retry: "waits before it tries again",
  startup: "is being started",
  attempt: "works",
};

/** What a span is, in words: for its tip and for the table. */
export function spanTitle({ kind, verdict, attempt }: Span): string {
  if (kind !== "attempt") return kinds[kind];
  return `attempt ${attempt}: ${stateWord(verdict ?? "running")}`;
}

/** What the row tells as a whole. `now` in ms since 1970. */
export function rowWords({ spans, began }: TimelineRow, now: number): string {
  if (began === undefined) return "has not begun";
  const attempts = spans.filter(({ kind }) => kind === "attempt");
  const last = attempts.at(-1);
  const worked = attempts.reduce((sum, { from, to }) => sum + (to ?? now) - from, 0);
  const count = attempts.length === 1 ? "" : `, ${attempts.length} attempts`;
  return `${stateWord(last?.verdict ?? "running")}${count}, worked ${Math.round(worked / 100) / 10} s`;
}
