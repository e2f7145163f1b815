import { formatTokens } from "@claude-orchestrator/domain";
import { useMemo } from "react";
import { totalsOf } from "../../../data/totals.ts";
import { useParam } from "../../../data/useParam.ts";
import { Card } from "../../../kit/Card.tsx";
import { Choice } from "../../../kit/Choice.tsx";
import { inDollars, Money } from "../../../kit/Money.tsx";
import { Empty } from "../../../kit/Notes.tsx";
import type { TabProps } from "../tabs.ts";
import { CostChart } from "./CostChart.tsx";
import styles from "./Cost.module.css";
import { CostTable } from "./CostTable.tsx";
import { attemptRows, failedWork, modelRows, totalsByModel } from "./costRows.ts";
import type { AttemptRow } from "./costRows.ts";
import { attemptColumns, modelColumns } from "./costColumns.tsx";

const ways = [
  { name: "instance", title: "By instance" },
  { name: "model", title: "By model" },
  { name: "attempt", title: "By attempt" },
] as const;

type Way = (typeof ways)[number]["name"];

/** Where the money went: over time, to which model for which instance, and into what failed. */
export function Cost({ folded, state }: TabProps) {
  const [wayText, setWay] = useParam("by", "instance");
  const way: Way = ways.find(({ name }) => name === wayText)?.name ?? "instance";
  const { steps } = folded.history;
  const byInstance = useMemo(() => modelRows(state), [state]);
  const attempts = useMemo(() => attemptRows(state), [state]);
  if (byInstance.length === 0) {
    return (
      <Empty title="Nothing has been spent: no agent has told of a token, and no request has passed the gateway." />
    );
  }
  const choice = <Choice label="How the cost is told apart" options={ways} chosen={way} onChoose={setWay} />;
  return (
    <div className={styles.cost}>
      <Figures state={state} attempts={attempts} />
      <CostChart steps={steps} state={state} />
      <Card title="What it went to" aside={choice} flush>
        {way === "attempt" ? (
          <CostTable
            label="Attempts, the dearest first"
            columns={attemptColumns}
            rows={attempts}
            keyOf={({ instance, attempt }) => `${instance}#${attempt}`}
            placeOf={({ instance, attempt }) => ({ instance, attempt })}
          />
        ) : (
          <CostTable
            label={way === "model" ? "Models" : "Models by instance, the dearest first"}
            columns={modelColumns(way === "instance")}
            rows={way === "model" ? totalsByModel(byInstance) : byInstance}
            keyOf={({ instance, model }) => `${instance} ${model}`}
            placeOf={({ instance }) => (instance === "" ? undefined : { instance })}
          />
        )}
      </Card>
    </div>
  );
}

function Figures({ state, attempts }: Pick<TabProps, "state"> & { readonly attempts: readonly AttemptRow[] }) {
  const totals = totalsOf(state);
  const failed = failedWork(attempts);
  const share = totals.cost === 0 ? 0 : Math.round((100 * failed.cost) / totals.cost);
  return (
    <Card title="In all">
      <dl className={styles.figures}>
        <div>
          <dt>Spent</dt>
          <dd>
            <Money usd={totals.cost} isBound={totals.isBound} />
          </dd>
        </div>
        <div>
          <dt>Tokens</dt>
          <dd>{formatTokens(totals.tokens)}</dd>
        </div>
        <div>
          <dt>Attempts that cost something</dt>
          <dd>{attempts.length}</dd>
        </div>
        <div>
          <dt>Into attempts without success</dt>
          <dd>
            {failed.attempts === 0
              ? "nothing"
              : `${inDollars(failed.cost)} (${share} %), ${formatTokens(failed.tokens)} tokens in ${failed.attempts}`}
          </dd>
        </div>
      </dl>
    </Card>
  );
}
