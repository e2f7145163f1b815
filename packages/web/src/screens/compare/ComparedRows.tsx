import { formatTokens } from "@claude-orchestrator/domain";
import { shortly } from "../../kit/Lasting.tsx";
import { inDollars } from "../../kit/Money.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import styles from "./Compare.module.css";
import type { ComparedInstance, Side } from "./compareRuns.ts";

/** What is seen of very many; those that differ come first. */
const mostRows = 500;

export function ComparedRows({ rows }: { readonly rows: readonly ComparedInstance[] }) {
  const isSame = ({ differences, changes }: ComparedInstance): number =>
    differences.length + changes.length === 0 ? 1 : 0;
  const sorted = rows.toSorted((a, b) => isSame(a) - isSame(b));
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Instance</th>
            <th scope="col">First</th>
            <th scope="col">Second</th>
            <th scope="col">What is otherwise</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, mostRows).map(({ name, a, b, differences, changes }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-title="First">
                <SideCell side={a} />
              </td>
              <td data-title="Second">
                <SideCell side={b} />
              </td>
              <td data-title="What is otherwise">
                {differences.length + changes.length === 0 ? <span className={styles.quiet}>nothing</span> : null}
                <ul>
                  {differences.map((words) => (
                    <li key={words}>
                      <strong>{words}</strong>
                    </li>
                  ))}
                  {changes.map((words) => (
                    <li key={words}>plan: {words}</li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > mostRows ? <p className={styles.more}>and {rows.length - mostRows} more</p> : null}
    </>
  );
}

function SideCell({ side }: { readonly side: Side | undefined }) {
  if (side === undefined) return <span className={styles.quiet}>not in it</span>;
  const { standing, durationMs, tokens, cost } = side;
  const figures = [
    durationMs === undefined ? "" : shortly(durationMs),
    tokens === 0 ? "" : `${formatTokens(tokens)} tokens`,
    cost === 0 ? "" : inDollars(cost),
  ].filter((word) => word !== "");
  return (
    <>
      <StateMark state={standing} plain />
      <span className={styles.quiet}>{figures.join(", ")}</span>
    </>
  );
}
