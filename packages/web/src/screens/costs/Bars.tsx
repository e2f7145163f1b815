import { useEffect, useRef } from "react";
import { inDollars } from "../../kit/Money.tsx";
import styles from "./Costs.module.css";
import type { DayBar } from "./dayBars.ts";

const height = 160;
const gap = 4;
const bottom = 24;

/** A bar for each day, stacked by what it was spent on. The table under it says the same. */
export function Bars({ series, bars }: { readonly series: readonly string[]; readonly bars: readonly DayBar[] }) {
  const most = Math.max(...bars.map(({ total }) => total), 0);
  const barWidth = bars.length > 45 ? 9 : 28;
  const step = bars.length > 45 ? 7 : 1;
  const width = bars.length * (barWidth + gap);
  const dearest = bars.toSorted((a, b) => b.total - a.total)[0];
  const words = dearest === undefined ? "nothing" : `most on ${dearest.day}: ${inDollars(dearest.total)}`;
  // The newest day is what one came for.
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollLeft = scroller.current.scrollWidth;
  }, [bars.length]);
  return (
    <figure className={styles.chart}>
      <div ref={scroller} className={styles.scroll} tabIndex={0} role="group" aria-label="Spending by day">
        <svg
          width={width}
          height={height + bottom}
          role="img"
          aria-label={`Spending by day over ${bars.length} days, ${words}`}
        >
          {bars.map((bar, index) => (
            <g key={bar.day} transform={`translate(${index * (barWidth + gap)} 0)`}>
              <Bar bar={bar} width={barWidth} scale={most === 0 ? 0 : height / most} isNamed={index % step === 0} />
            </g>
          ))}
        </svg>
      </div>
      <figcaption className={styles.legend}>
        {series.map((name, index) => (
          <span key={`${index} ${name}`}>
            <svg width="12" height="12" aria-hidden="true">
              <rect width="12" height="12" rx="2" className={styles[`series${index}`]} />
            </svg>
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface BarProps {
  readonly bar: DayBar;
  readonly width: number;
  /** Pixels of a dollar. */
  readonly scale: number;
  /** Whether its day stands under it. */
  readonly isNamed: boolean;
}

function Bar({ bar: { day, parts, total }, width, scale, isNamed }: BarProps) {
  const below = parts.map((_, index) => parts.slice(0, index).reduce((sum, { cost }) => sum + cost, 0));
  return (
    <>
      <title>{`${day}: ${inDollars(total)}`}</title>
      <rect width={width} height={height} className={styles.ground} />
      {parts.map(({ name, cost }, index) => (
        <rect
          key={`${index} ${name}`}
          y={height - ((below[index] ?? 0) + cost) * scale}
          width={width}
          height={cost * scale}
          className={styles[`series${index}`]}
        />
      ))}
      {isNamed ? (
        <text x={width / 2} y={height + 16} textAnchor="middle" className={styles.day}>
          {day.slice(8)}
        </text>
      ) : null}
    </>
  );
}
