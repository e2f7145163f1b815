import { Card } from "../../../kit/Card.tsx";
import type { TabProps } from "../tabs.ts";
import { Budgets } from "./Budgets.tsx";
import { Failures } from "./Failures.tsx";
import { InstanceTable } from "./InstanceTable.tsx";
import styles from "./Overview.module.css";
import { Results } from "./Results.tsx";

/** What failed and why, every instance, the budgets and what came out of it. */
export function Overview({ id, folded, state }: TabProps) {
  const { notices } = state.plan;
  return (
    <div className={styles.overview}>
      <Failures id={id} state={state} />
      <InstanceTable id={id} state={state} />
      <Budgets id={id} state={state} history={folded.history} />
      <Results state={state} />
      {notices.length === 0 ? null : (
        <Card title="Notices">
          <ul className={styles.notices}>
            {notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}
