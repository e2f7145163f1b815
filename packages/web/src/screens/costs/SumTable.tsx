import { formatTokens } from "@claude-orchestrator/domain";
import { Link } from "wouter";
import { Money } from "../../kit/Money.tsx";
import styles from "./Costs.module.css";
import type { SpendingSum } from "./spendings.ts";

export interface SumTableProps {
  /** What a row is. */
  readonly caption: string;
  readonly sums: readonly SpendingSum[];
  /** The name ends with a run's id: it leads there. */
  readonly isRun?: boolean;
}

const mostRows = 200;

export function SumTable({ caption, sums, isRun = false }: SumTableProps) {
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
          </tr>
        </thead>
        <tbody>
          {sums.slice(0, mostRows).map(({ name, cost, isBound, tokens, failedCost, attempts }) => (
            <tr key={name}>
              <th scope="row">{isRun ? <Link href={`/runs/${name.split(" ").at(-1) ?? ""}`}>{name}</Link> : name}</th>
              <td>
                <Money usd={cost} isBound={isBound} />
              </td>
              <td>{formatTokens(tokens)}</td>
              <td>
                <Money usd={failedCost} />
              </td>
              <td>{attempts}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sums.length > mostRows ? (
        <p className={styles.more}>and {sums.length - mostRows} more: the CSV has all</p>
      ) : null}
    </div>
  );
}
