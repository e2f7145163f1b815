import { useEffect, useRef } from "react";
import { inDollars } from "../../kit/Money.tsx";
import styles from "./Costs.module.css";
import { dayLabel, mostNamed } from "./dayBars.ts";
import type { DayBar } from "./dayBars.ts";

/** A bar for each day over the whole width, stacked by what it was spent on. The table beside it says the same. */
export function Bars({ series, bars }: { readonly series: readonly string[]; readonly bars: readonly DayBar[] }) {
  const most = Math.max(...bars.map(({ total }) => total), 0);
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
        <div
          className={`${styles.bars} ${bars.length > mostNamed ? styles.many : ""}`}
          role="img"
          aria-label={`Spending by day over ${bars.length} days, ${words}. The table has each day`}
        >
          {bars.map((bar, index) => (
            <Bar key={bar.day} bar={bar} most={most} label={dayLabel(bar.day, index, bars.length)} />
          ))}
        </div>
      </div>
      <figcaption className={styles.legend}>
        {series.map((name, index) => (
          <span key={name}>
            <i className={`${styles.swatch} ${styles[`series${index}`]}`} aria-hidden="true" />
            {name}
          </span>
        ))}
        <span className={styles.most}>the highest is {inDollars(most)}</span>
      </figcaption>
    </figure>
  );
}

interface BarProps {
  readonly bar: DayBar;
  /** Dollars of the highest one. */
  readonly most: number;
  readonly label: string | undefined;
}

function Bar({ bar: { day, parts, total }, most, label }: BarProps) {
  const share = (cost: number): string => `${most === 0 ? 0 : (100 * cost) / most}%`;
  return (
    <div className={styles.slot} title={`${day}: ${inDollars(total)}`}>
      <div className={styles.ground}>
        {parts.map(({ name, cost }, index) => (
          <div key={name} className={styles[`series${index}`]} style={{ height: share(cost) }} />
        ))}
      </div>
      <span className={styles.day}>{label}</span>
    </div>
  );
}
