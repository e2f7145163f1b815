import { inDollars } from "../../kit/Money.tsx";
import styles from "./Costs.module.css";
import type { DayBar } from "./spendings.ts";

const height = 160;
const barWidth = 28;
const gap = 8;
const bottom = 24;

/** A bar for each day, stacked by what it was spent on. The table under it says the same. */
export function Bars({ series, bars }: { readonly series: readonly string[]; readonly bars: readonly DayBar[] }) {
  const most = Math.max(...bars.map(({ total }) => total), 0);
  const width = Math.max(bars.length * (barWidth + gap), 1);
  const dearest = bars.toSorted((a, b) => b.total - a.total)[0];
  const words = dearest === undefined ? "nothing" : `most on ${dearest.day}: ${inDollars(dearest.total)}`;
  return (
    <figure className={styles.chart}>
      <div className={styles.scroll} tabIndex={0} role="group" aria-label="Spending by day">
        <svg
          width={width}
          height={height + bottom}
          role="img"
          aria-label={`Spending by day over ${bars.length} days, ${words}`}
        >
          {bars.map((bar, index) => (
            <Bar key={bar.day} bar={bar} x={index * (barWidth + gap)} scale={most === 0 ? 0 : height / most} />
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

function Bar({
  bar: { day, parts, total },
  x,
  scale,
}: {
  readonly bar: DayBar;
  readonly x: number;
  readonly scale: number;
}) {
  const below = parts.map((_, index) => parts.slice(0, index).reduce((sum, { cost }) => sum + cost, 0));
  return (
    <g>
      <title>{`${day}: ${inDollars(total)}`}</title>
      <rect x={x} y={0} width={barWidth} height={height} className={styles.ground} />
      {parts.map(({ name, cost }, index) => (
        <rect
          key={`${index} ${name}`}
          x={x}
          y={height - ((below[index] ?? 0) + cost) * scale}
          width={barWidth}
          height={cost * scale}
          className={styles[`series${index}`]}
        />
      ))}
      <text x={x + barWidth / 2} y={height + 16} textAnchor="middle" className={styles.day}>
        {day.slice(8)}
      </text>
    </g>
  );
}
