import type { Plan } from "@claude-orchestrator/domain";
import { fitWords, forecastRows } from "./forecastDocument.ts";
import type { ForecastDocument, ForecastRow } from "./forecastDocument.ts";
import styles from "./ForecastView.module.css";

/** What is seen of it; the run's own line always is. */
const mostRows = 60;

export interface ForecastViewProps {
  readonly forecast: ForecastDocument;
  readonly plan: Plan;
}

/** What the run is expected to take, and how much of that is only assumed. */
export function ForecastView({ forecast, plan }: ForecastViewProps) {
  const rows = forecastRows(forecast, plan);
  const [instances, run] = [rows.slice(0, -1), rows.slice(-1)];
  return (
    <div className={styles.forecast}>
      <p className={styles.quiet}>{sourceWords(forecast)}</p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Instance</th>
            {["Tokens", "Cost", "Time"].map((what) => (
              <th key={what} scope="col" className={styles.figure}>
                {what} p50, p90
              </th>
            ))}
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {[...instances.slice(0, mostRows), ...run].map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      </table>
      {instances.length > mostRows ? <p className={styles.quiet}>and {instances.length - mostRows} more</p> : null}
      {forecast.budgets.map((budget) => {
        const { text, fits } = fitWords(budget);
        return (
          <p key={text} className={fits ? undefined : styles.over}>
            {text}
          </p>
        );
      })}
    </div>
  );
}

function Row({ row: { name, tokens, cost, time, from, isGuess } }: { readonly row: ForecastRow }) {
  const figures = [
    ["Tokens", tokens],
    ["Cost", cost],
    ["Time", time],
  ] as const;
  return (
    <tr>
      <th scope="row">{name}</th>
      {figures.map(([what, [p50, p90]]) => (
        <td key={what} className={styles.figure} data-what={`${what} p50, p90`}>
          {p50} <strong>{p90}</strong>
        </td>
      ))}
      <td className={isGuess ? styles.guess : styles.quiet}>{from}</td>
    </tr>
  );
}

function sourceWords({ runs }: ForecastDocument): string {
  return runs === 0
    ? "No run of this folder is known yet: what follows is a conservative guess."
    : `From ${runs} ${runs === 1 ? "run" : "runs"} of this folder. It is as likely less as more than p50; one run in ten takes more than p90.`;
}
