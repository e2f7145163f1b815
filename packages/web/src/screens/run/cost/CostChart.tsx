import { formatTokens } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { useMemo, useState } from "react";
import { useParam } from "../../../data/useParam.ts";
import { Card } from "../../../kit/Card.tsx";
import { Choice } from "../../../kit/Choice.tsx";
import { inDollars } from "../../../kit/Money.tsx";
import { VirtualTable } from "../../../kit/VirtualTable.tsx";
import type { Column } from "../../../kit/VirtualTable.tsx";
import { useClock } from "../../../settings/SettingsProvider.tsx";
import type { SpendingStep } from "../../../budget/spendingSteps.ts";
import { axisTicks } from "../timeline/axis.ts";
import { placeOf } from "../timeline/timeRange.ts";
import { costOverTime, heightOf, stepPath } from "./costOverTime.ts";
import type { ChartShape, CostPoint } from "./costOverTime.ts";
import styles from "./Cost.module.css";

const ways = [
  { name: "chart", title: "Chart" },
  { name: "table", title: "Table" },
] as const;

const mostPoints = 400;

/** What was spent by when, against what the run may spend. */
export function CostChart({ steps, state }: { readonly steps: readonly SpendingStep[]; readonly state: RunState }) {
  const [way, setWay] = useParam("as", "chart");
  const points = useMemo(() => costOverTime(steps, mostPoints), [steps]);
  if (points.length === 0) return null;
  const choice = (
    <Choice label="How it is shown" options={ways} chosen={way === "table" ? "table" : "chart"} onChoose={setWay} />
  );
  return (
    <Card title="Over time" aside={choice} flush={way === "table"}>
      {way === "table" ? <PointTable points={points} /> : <Drawing points={points} state={state} />}
    </Card>
  );
}

const width = 1000;
const height = 200;
const mostTicks = 6;

function Drawing({ points, state }: { readonly points: readonly CostPoint[]; readonly state: RunState }) {
  const spent = points.at(-1)?.cost ?? 0;
  const { zone } = useClock();
  const limits = state.plan.limits
    .filter(({ scope, unit }) => scope.kind === "run" && unit === "cost_usd")
    .map(({ limit }) => limit);
  // A limit far above what was spent would press the line flat: then only its amount is told.
  const near = limits.filter((limit) => limit <= spent * 4);
  const far = limits.filter((limit) => !near.includes(limit)).map((limit) => inDollars(limit));
  const most = Math.max(spent, ...near) * 1.08;
  const range = { from: state.createdAt, to: Math.max(state.lastAt, state.createdAt + 1) };
  const summary = `${inDollars(spent)} in ${points.length} steps${limits.length === 0 ? "" : `, of at most ${inDollars(Math.min(...limits))}`}`;
  return (
    <figure>
      <div
        className={styles.chart}
        role="img"
        aria-label={`What was spent over time: ${summary}. The table has each step`}
      >
        <div className={styles.amounts}>
          <span>{inDollars(most)}</span>
          <span>$0.00</span>
        </div>
        <Lines points={points} limits={near} shape={{ width, height, most, ...range }} />
        <div className={styles.times}>
          {axisTicks(range, mostTicks, zone)
            .filter(({ at }) => placeOf(at, range) < 0.93)
            .map(({ at, label }) => (
              <span key={at} style={{ left: `${placeOf(at, range) * 100}%` }}>
                {label}
              </span>
            ))}
        </div>
      </div>
      <figcaption className={styles.muted}>
        {summary}
        {far.length === 0 ? "" : `; the limit of ${far.join(" and ")} is above the picture`}
      </figcaption>
    </figure>
  );
}

interface LinesProps {
  readonly points: readonly CostPoint[];
  readonly limits: readonly number[];
  readonly shape: ChartShape;
}

function Lines({ points, limits, shape }: LinesProps) {
  return (
    <div className={styles.drawing}>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path className={styles.line} d={stepPath(points, shape)} />
        {limits.map((limit) => {
          const y = heightOf(limit, shape);
          return <line key={limit} className={styles.limit} x1={0} x2={width} y1={y} y2={y} />;
        })}
      </svg>
      {limits.map((limit) => (
        <span key={limit} className={styles.limitName} style={{ top: `${(heightOf(limit, shape) / height) * 100}%` }}>
          limit {inDollars(limit)}
        </span>
      ))}
    </div>
  );
}

function When({ at }: { readonly at: number }) {
  return useClock().exactly(at);
}

const columns: readonly Column<CostPoint>[] = [
  { name: "at", title: "By", width: "minmax(10rem, 1fr)", cell: ({ at }) => <When at={at} /> },
  { name: "cost", title: "Spent", width: "8rem", isNumber: true, cell: ({ cost }) => inDollars(cost) },
  { name: "tokens", title: "Tokens", width: "8rem", isNumber: true, cell: ({ tokens }) => formatTokens(tokens) },
];

function PointTable({ points }: { readonly points: readonly CostPoint[] }) {
  const [at, setAt] = useState(0);
  return (
    <div className={styles.table}>
      <VirtualTable
        label="What was spent by when"
        columns={columns}
        rows={points}
        keyOf={({ at: moment, tokens }) => `${moment} ${tokens}`}
        at={Math.min(at, points.length - 1)}
        onMove={setAt}
        onOpen={() => undefined}
      />
    </div>
  );
}
