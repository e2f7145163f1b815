import { formatTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { useMemo } from "react";
import { useNow } from "../../../data/useNow.ts";
import { Card } from "../../../kit/Card.tsx";
import { inDollars } from "../../../kit/Money.tsx";
import { spendingSteps } from "../spendingSteps.ts";
import { scopeWords } from "../../../data/budgetWords.ts";
import { budgetUse } from "./budgetUse.ts";
import type { BudgetUse } from "./budgetUse.ts";
import styles from "./Overview.module.css";

const enforcements = {
  warn: "only says so",
  block: "stops what would spend more",
  pause: "holds new starts until it frees",
} as const;

/** Every limit of the run: what is spent, set aside for requests under way, and left. */
export function Budgets({ state, events }: { readonly state: RunState; readonly events: readonly LoggedEvent[] }) {
  const now = useNow(state.lastAt);
  const steps = useMemo(() => spendingSteps(events), [events]);
  const uses = budgetUse(state, steps, state.phase.status === "settled" ? state.phase.at : now);
  return (
    <Card title="Budgets">
      {uses.length === 0 ? (
        <p className={styles.note}>Nothing limits what this run may spend.</p>
      ) : (
        <ul className={styles.budgets}>
          {uses.map((use, index) => (
            <Budget key={`${index} ${use.limit.unit}`} use={use} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Budget({ use: { limit, spent, reserved, left } }: { readonly use: BudgetUse }) {
  const amount = (value: number): string => (limit.unit === "tokens" ? formatTokens(value) : inDollars(value));
  const share = (value: number): string => `${Math.min(100, (100 * value) / Math.max(limit.limit, spent, 1e-9))}%`;
  const isOver = spent > limit.limit;
  const unit = limit.unit === "tokens" ? " tokens" : "";
  const rest = isOver ? `${amount(spent - limit.limit)}${unit} over` : `${amount(Math.max(0, left))}${unit} left`;
  const aside = reserved === 0 ? "" : `, ${amount(reserved)} set aside for requests under way`;
  return (
    <li className={styles.budget}>
      <p>
        <span>
          <strong>{scopeWords(limit.scope)}</strong>: {amount(spent)} of {amount(limit.limit)}
          {unit}
          {aside}
        </span>
        <span className={isOver ? styles.bad : styles.note}>{rest}</span>
      </p>
      <span className={styles.bar} aria-hidden="true">
        <span className={isOver ? styles.over : styles.spent} style={{ width: share(spent) }} />
        <span className={styles.reserved} style={{ width: share(reserved) }} />
      </span>
      <p className={styles.note}>At its end it {enforcements[limit.enforcement]}.</p>
    </li>
  );
}
