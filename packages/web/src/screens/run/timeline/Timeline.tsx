import { useDeferredValue, useMemo } from "react";
import { ChevronLeft, ChevronRight, Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { useAddress } from "../../../data/useAddress.ts";
import { useNow } from "../../../data/useNow.ts";
import { useParam } from "../../../data/useParam.ts";
import { Button } from "../../../kit/Button.tsx";
import { Choice } from "../../../kit/Choice.tsx";
import { shortly } from "../../../kit/Lasting.tsx";
import { Empty } from "../../../kit/Notes.tsx";
import type { TabProps } from "../tabs.ts";
import { criticalPath } from "./criticalPath.ts";
import { Legend } from "./Legend.tsx";
import { TimelineChart } from "./TimelineChart.tsx";
import styles from "./Timeline.module.css";
import { TimelineTable } from "./TimelineTable.tsx";
import { moved, rangeOf, zoomed } from "./timeRange.ts";
import type { TimeRange } from "./timeRange.ts";

const ways = [
  { name: "chart", title: "Chart" },
  { name: "table", title: "Table" },
] as const;

/** What each instance did with its time, and which of them decided how long the run took. */
export function Timeline({ folded, state }: TabProps) {
  const rows = useDeferredValue(folded.history.rows);
  const path = useMemo(() => criticalPath(state.plan, rows), [state.plan, rows]);
  const [way, setWay] = useParam("as", "chart");
  const [from] = useParam("from");
  const [to] = useParam("to");
  const { go } = useAddress();
  const now = useNow(state.lastAt);
  const isOver = state.phase.status === "settled";
  const until = isOver ? state.lastAt : Math.max(now, state.lastAt);
  const whole = { from: state.createdAt, to: Math.max(until, state.createdAt + 1) };
  const range = rangeOf(from, to, whole);
  const show = (next: TimeRange | undefined): void => go(next === undefined ? wholeAddress : addressOf(next, whole));
  if (rows.every(({ spans }) => spans.length === 0))
    return <Empty title="Nothing has begun: there is no time to show." />;
  return (
    <div className={styles.timeline}>
      <div className={styles.tools}>
        <Choice
          label="How the timeline is shown"
          options={ways}
          chosen={way === "table" ? "table" : "chart"}
          onChoose={setWay}
        />
        {way === "table" ? null : <ZoomButtons range={range} whole={whole} show={show} />}
      </div>
      <p className={styles.summary}>{summaryOf(rows.length, whole, path, isOver)}</p>
      {way === "table" ? (
        <TimelineTable rows={rows} path={path} whole={whole} />
      ) : (
        <>
          <TimelineChart rows={rows} path={path} range={range} whole={whole} onRange={show} />
          <Legend />
        </>
      )}
    </div>
  );
}

const wholeAddress = { from: undefined, to: undefined };

function addressOf(range: TimeRange, whole: TimeRange) {
  return { from: Math.round(range.from - whole.from), to: Math.round(range.to - whole.from) };
}

const mostNames = 6;

function summaryOf(count: number, whole: TimeRange, path: readonly string[], isOver: boolean): string {
  const names = path.length > mostNames ? [...path.slice(0, 3), "…", ...path.slice(-2)] : path;
  const length = shortly(whole.to - whole.from);
  const decided = isOver ? "What decided how long it took" : "What decides how long it takes";
  const chain = names.length === 0 ? "" : ` ${decided}: ${names.join(", then ")}.`;
  return `${count} ${count === 1 ? "instance" : "instances"} in ${length}.${chain}`;
}

interface ZoomButtonsProps {
  readonly range: TimeRange;
  readonly whole: TimeRange;
  readonly show: (range: TimeRange | undefined) => void;
}

function ZoomButtons({ range, whole, show }: ZoomButtonsProps) {
  return (
    <>
      <Button iconOnly icon={<ZoomIn />} onClick={() => show(zoomed(range, whole, 0.5))}>
        Closer
      </Button>
      <Button iconOnly icon={<ZoomOut />} onClick={() => show(zoomed(range, whole, 2))}>
        Wider
      </Button>
      <Button iconOnly icon={<ChevronLeft />} onClick={() => show(moved(range, whole, -0.5))}>
        Earlier
      </Button>
      <Button iconOnly icon={<ChevronRight />} onClick={() => show(moved(range, whole, 0.5))}>
        Later
      </Button>
      <Button iconOnly icon={<Maximize2 />} onClick={() => show(undefined)}>
        The whole run
      </Button>
    </>
  );
}
