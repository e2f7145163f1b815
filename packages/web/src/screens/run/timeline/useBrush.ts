import { useState } from "react";
import type { PointerEvent } from "react";
import type { TimeRange } from "./timeRange.ts";

export interface Brush {
  /** What is being marked, as shares of the width; undefined while nothing is. */
  readonly marked: readonly [number, number] | undefined;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: () => void;
  };
}

/** A click that trembles is none. */
const leastShare = 0.005;

/** Marks a part of the range with the pointer; keys and buttons do the same (WCAG 2.5.7). */
export function useBrush(range: TimeRange, onRange: (range: TimeRange) => void): Brush {
  const [drag, setDrag] = useState<readonly [number, number]>();
  const shareOf = (event: PointerEvent<HTMLElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / Math.max(1, width)));
  };
  const marked = drag === undefined ? undefined : ([Math.min(...drag), Math.max(...drag)] as const);
  return {
    marked,
    handlers: {
      onPointerDown: (event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = shareOf(event);
        setDrag([at, at]);
      },
      onPointerMove: (event) => {
        if (drag !== undefined) setDrag([drag[0], shareOf(event)]);
      },
      onPointerUp: () => {
        setDrag(undefined);
        if (marked === undefined || marked[1] - marked[0] < leastShare) return;
        const length = range.to - range.from;
        onRange({ from: range.from + marked[0] * length, to: range.from + marked[1] * length });
      },
      onPointerCancel: () => setDrag(undefined),
    },
  };
}
