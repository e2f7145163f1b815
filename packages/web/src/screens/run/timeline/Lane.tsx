import { shortly } from "../../../kit/Lasting.tsx";
import { toneOf } from "../../../kit/StateMark.tsx";
import type { Tick } from "./axis.ts";
import { laneHeight, lanesOf, mostLanes, spanTitle } from "./barLook.ts";
import type { Span, TimelineRow } from "./spans.ts";
import styles from "./Timeline.module.css";
import { placeOf } from "./timeRange.ts";
import type { TimeRange } from "./timeRange.ts";

export interface LaneProps {
  readonly row: TimelineRow;
  readonly range: TimeRange;
  readonly now: number;
  readonly ticks: readonly Tick[];
  readonly isOnPath: boolean;
}

/** The bars of one instance: what is outside of the range is not drawn. */
export function Lane({ row, range, now, ticks, isOnPath }: LaneProps) {
  const seen = row.spans.filter(({ from, to }) => from <= range.to && (to ?? now) >= range.from);
  return (
    <span className={styles.lane} aria-hidden="true" style={{ height: lanesOf(row) * laneHeight + 8 }}>
      {ticks.map(({ at }) => (
        <span key={at} className={styles.mark} style={{ left: `${placeOf(at, range) * 100}%` }} />
      ))}
      {seen.map((span) => {
        const left = Math.max(-0.01, placeOf(span.from, range));
        const right = Math.min(1.01, placeOf(span.to ?? now, range));
        return (
          <span
            key={`${span.kind} ${span.from}`}
            className={barClass(span, isOnPath)}
            title={`${spanTitle(span)}, ${shortly((span.to ?? now) - span.from)}${span.words === "" ? "" : `: ${span.words}`}`}
            style={{
              left: `${left * 100}%`,
              width: `${Math.max(0, right - left) * 100}%`,
              top: (Math.min(mostLanes, span.attempt) - 1) * laneHeight + 7,
            }}
          />
        );
      })}
    </span>
  );
}

export function barClass({ kind, verdict }: Pick<Span, "kind" | "verdict">, isOnPath = false): string {
  if (kind !== "attempt")
    return [styles.bar, kind === "needs" ? undefined : styles.wait, styles[kind]].filter(Boolean).join(" ");
  return [styles.bar, styles[toneOf(verdict ?? "running")], isOnPath ? styles.onPath : undefined]
    .filter(Boolean)
    .join(" ");
}
