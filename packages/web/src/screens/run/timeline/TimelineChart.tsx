import { useEffect, useRef } from "react";
import type { KeyboardEvent } from "react";
import { Virtualizer } from "virtua";
import type { VirtualizerHandle } from "virtua";
import { useAddress } from "../../../data/useAddress.ts";
import { useParam } from "../../../data/useParam.ts";
import { useClock } from "../../../settings/SettingsProvider.tsx";
import { axisTicks } from "./axis.ts";
import type { Tick } from "./axis.ts";
import { rowWords } from "./barLook.ts";
import type { TimelineRow } from "./spans.ts";
import { Lane } from "./Lane.tsx";
import styles from "./Timeline.module.css";
import { moved, placeOf, zoomed } from "./timeRange.ts";
import type { TimeRange } from "./timeRange.ts";
import { useBrush } from "./useBrush.ts";

export interface TimelineChartProps {
  readonly rows: readonly TimelineRow[];
  readonly path: readonly string[];
  readonly range: TimeRange;
  readonly whole: TimeRange;
  /** Undefined: the whole. */
  readonly onRange: (range: TimeRange | undefined) => void;
}

const mostTicks = 7;

/** One stop for Tab: up and down choose an instance, left, right, plus, minus and 0 move and zoom, Enter opens its log. */
export function TimelineChart({ rows, path, range, whole, onRange }: TimelineChartProps) {
  const [chosen] = useParam("instance");
  const { go } = useAddress();
  const list = useRef<VirtualizerHandle>(null);
  const at = rows.findIndex(({ name }) => name === chosen);
  useEffect(() => {
    if (at >= 0) list.current?.scrollToIndex(at, { align: "nearest" });
  }, [at]);
  const ticks = axisTicks(range, mostTicks, useClock().zone);
  const onPath = new Set(path);
  const choose = (name: string | undefined): void => go({ instance: name, attempt: undefined, line: undefined });
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = {
      rows,
      at,
      choose,
      open: () => go({ tab: "log", instance: rows[at]?.name ?? chosen }, { push: true }),
    };
    const act = keyActions(move, { range, whole, onRange })[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <div className={styles.chart}>
      <Axis ticks={ticks} range={range} onRange={onRange} />
      <div
        className={styles.body}
        tabIndex={0}
        role="listbox"
        aria-label="Instances over time. Arrows choose and move, plus and minus zoom, Enter opens the log"
        aria-activedescendant={at >= 0 ? `timeline-${at}` : undefined}
        onKeyDown={onKeyDown}
      >
        <Virtualizer ref={list} data={rows} keepMounted={at >= 0 ? [at] : []}>
          {(row, index) => (
            <Row
              key={row.name}
              row={row}
              index={index}
              count={rows.length}
              isChosen={index === at}
              isOnPath={onPath.has(row.name)}
              range={range}
              now={whole.to}
              ticks={ticks}
              onChoose={choose}
            />
          )}
        </Virtualizer>
      </div>
    </div>
  );
}

interface Moving {
  readonly rows: readonly TimelineRow[];
  readonly at: number;
  readonly choose: (name: string | undefined) => void;
  readonly open: () => void;
}

type Ranging = Pick<TimelineChartProps, "range" | "whole" | "onRange">;

function keyActions(
  { rows, at, choose, open }: Moving,
  { range, whole, onRange }: Ranging,
): Readonly<Record<string, () => void>> {
  const closer = (): void => onRange(zoomed(range, whole, 0.5));
  return {
    ArrowDown: () => choose(rows[Math.min(rows.length - 1, at + 1)]?.name),
    ArrowUp: () => choose(rows[Math.max(0, at - 1)]?.name),
    Home: () => choose(rows[0]?.name),
    End: () => choose(rows.at(-1)?.name),
    ArrowLeft: () => onRange(moved(range, whole, -0.25)),
    ArrowRight: () => onRange(moved(range, whole, 0.25)),
    "+": closer,
    "=": closer,
    "-": () => onRange(zoomed(range, whole, 2)),
    "0": () => onRange(undefined),
    Enter: open,
  };
}

interface AxisProps extends Pick<TimelineChartProps, "range" | "onRange"> {
  readonly ticks: readonly Tick[];
}

/** Beyond this share of the axis a label would be cut at its end. */
const lastLabelAt = 0.92;

/** The clock of whoever looks, and where a part of the time is marked with the pointer. */
function Axis({ ticks, range, onRange }: AxisProps) {
  const brush = useBrush(range, onRange);
  return (
    <div className={styles.axis}>
      <span>Drag here to zoom →</span>
      <div className={styles.ticks} {...brush.handlers} aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick.at} className={styles.tick} style={{ left: percent(placeOf(tick.at, range)) }}>
            {placeOf(tick.at, range) < lastLabelAt ? tick.label : ""}
          </span>
        ))}
        {brush.marked === undefined ? null : (
          <span
            className={styles.brush}
            style={{ left: percent(brush.marked[0]), width: percent(brush.marked[1] - brush.marked[0]) }}
          />
        )}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: TimelineRow;
  readonly index: number;
  readonly count: number;
  readonly isChosen: boolean;
  readonly isOnPath: boolean;
  readonly range: TimeRange;
  readonly now: number;
  readonly ticks: readonly Tick[];
  readonly onChoose: (name: string) => void;
}

function Row({ row, index, count, isChosen, isOnPath, range, now, ticks, onChoose }: RowProps) {
  return (
    <div
      role="option"
      id={`timeline-${index}`}
      aria-selected={isChosen}
      aria-setsize={count}
      aria-posinset={index + 1}
      className={styles.row}
      onClick={() => onChoose(row.name)}
    >
      <span className={styles.title}>
        <span title={row.name}>{row.name}</span>
        {isOnPath ? <span className={styles.critical}>critical</span> : null}
        <span className="hidden">{rowWords(row, now)}</span>
      </span>
      <Lane row={row} range={range} now={now} ticks={ticks} isOnPath={isOnPath} />
    </div>
  );
}

function percent(share: number): string {
  return `${share * 100}%`;
}
