import { formatTokens, scopeLabel } from "@claude-orchestrator/domain";
import type { BudgetLimit, RunState } from "@claude-orchestrator/domain";
import { AddBudget } from "../../../budget/AddBudget.tsx";
import { SetBudget } from "../../../budget/SetBudget.tsx";
import type { RunHistory } from "../../../data/runHistory.ts";
import { useNow } from "../../../data/useNow.ts";
import { useParam } from "../../../data/useParam.ts";
import { Button } from "../../../kit/Button.tsx";
import { Card } from "../../../kit/Card.tsx";
import { inDollars } from "../../../kit/Money.tsx";
import { scopeWords } from "../../../data/budgetWords.ts";
import { budgetUse } from "../../../budget/budgetUse.ts";
import type { BudgetUse } from "../../../budget/budgetUse.ts";
import styles from "./Overview.module.css";

const enforcements = {
  warn: "only says so",
  block: "stops what would spend more",
  pause: "holds new starts until it frees",
} as const;

interface BudgetsProps {
  readonly id: string;
  readonly state: RunState;
  readonly history: RunHistory;
}

/** Every limit of the run: what is spent, set aside for requests under way, and left; another amount as long as it works. */
export function Budgets({ id, state, history }: BudgetsProps) {
  const [asked, ask] = useParam("set-budget");
  const now = useNow(state.lastAt);
  const canSet = state.phase.status === "running";
  const uses = budgetUse(state, history.steps, state.phase.status === "settled" ? state.phase.at : now);
  const wanted = canSet ? uses.find(({ limit }) => nameOf(limit) === asked) : undefined;
  return (
    <Card title="Budgets">
      {uses.length === 0 ? (
        <p className={styles.note}>Nothing limits what this run may spend.</p>
      ) : (
        <ul className={styles.budgets}>
          {uses.map((use, index) => (
            <Budget
              key={`${index} ${use.limit.unit}`}
              use={use}
              onSet={canSet ? () => ask(nameOf(use.limit)) : undefined}
            />
          ))}
        </ul>
      )}
      {canSet ? (
        <p className={styles.add}>
          <Button onClick={() => ask("new")}>{uses.length === 0 ? "Set a budget" : "Add a budget"}</Button>
        </p>
      ) : null}
      {canSet && asked === "new" ? (
        <AddBudget id={id} state={state} steps={history.steps} onClose={() => ask("")} />
      ) : null}
      {wanted === undefined ? null : (
        <SetBudget id={id} limit={wanted.limit} spent={wanted.spent + wanted.reserved} onClose={() => ask("")} />
      )}
    </Card>
  );
}

/** What the address calls it. */
function nameOf({ scope, unit }: BudgetLimit): string {
  return `${scopeLabel(scope)} ${unit}`;
}

interface BudgetProps {
  readonly use: BudgetUse;
  /** Absent where no other amount can be set any more. */
  readonly onSet: (() => void) | undefined;
}

function Budget({ use: { limit, spent, reserved, left }, onSet }: BudgetProps) {
  const amount = (value: number): string => (limit.unit === "tokens" ? formatTokens(value) : inDollars(value));
  const share = (value: number): string => `${Math.min(100, (100 * value) / Math.max(limit.limit, spent, 1e-9))}%`;
  const isOver = spent > limit.limit;
  const unit = limit.unit === "tokens" ? " tokens" : "";
  const inUnit = limit.unit === "tokens" ? "tokens" : "dollars";
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
      <p>
        <span className={styles.note}>At its end it {enforcements[limit.enforcement]}.</span>
        {onSet === undefined ? null : (
          <Button aria-label={`Set another amount for ${scopeWords(limit.scope)}, in ${inUnit}`} onClick={onSet}>
            Set another amount
          </Button>
        )}
      </p>
    </li>
  );
}
