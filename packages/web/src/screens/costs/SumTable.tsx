import { formatTokens } from "@claude-orchestrator/domain";
import { Link } from "wouter";
import { Money } from "../../kit/Money.tsx";
import styles from "./Costs.module.css";
import type { UsageRow } from "./usageDocument.ts";

export interface SumTableProps {
  /** What a row is. */
  readonly caption: string;
  readonly rows: readonly UsageRow[];
  /** Where a row's name leads. */
  readonly hrefOf?: (key: string) => string;
}

const mostRows = 200;

export function SumTable({ caption, rows, hrefOf }: SumTableProps) {
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label={`Sums by ${caption}`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{caption}</th>
            <th scope="col">Spent</th>
            <th scope="col">Tokens</th>
            <th scope="col">Did not succeed</th>
            <th scope="col">Attempts</th>
            <th scope="col">Runs</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map((row) => (
            <tr key={row.key}>
              <th scope="row">{hrefOf === undefined ? row.key : <Link href={hrefOf(row.key)}>{row.key}</Link>}</th>
              <td>
                <Spent row={row} />
              </td>
              <td>{formatTokens(row.tokens.total)}</td>
              <td>
                <Money usd={row.failed_cost_usd} />
              </td>
              <td>{row.attempts}</td>
              <td>{row.runs}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > mostRows ? (
        <p className={styles.more}>and {rows.length - mostRows} more: the CSV has all</p>
      ) : null}
    </div>
  );
}

/** Dollars as far as they are known; a bound where something in it has no price, or was not told to its end. */
export function Spent({ row: { cost_usd: usd, unpriced, totals_are_final } }: { readonly row: UsageRow }) {
  if (usd === 0 && unpriced.tokens > 0) return <Money usd={undefined} />;
  return <Money usd={usd} isBound={unpriced.tokens > 0 || !totals_are_final} />;
}
