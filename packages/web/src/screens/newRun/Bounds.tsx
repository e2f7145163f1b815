import { useId } from "react";
import { Field } from "../../kit/Field.tsx";
import fieldStyles from "../../kit/Field.module.css";
import { draftProblems } from "./draft.ts";
import type { Draft } from "./draft.ts";
import styles from "./NewRun.module.css";

export interface PartProps {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
}

/** What is asked beside the file: it takes the place of what the file says. */
export function Bounds({ draft, change }: PartProps) {
  const problems = draftProblems(draft);
  const id = useId();
  return (
    <>
      <div className={styles.fields}>
        <Field
          label="Budget in dollars"
          inputMode="decimal"
          placeholder="as in the file"
          value={draft.budgetUsd}
          problem={problems.budgetUsd}
          onValue={(budgetUsd) => change({ budgetUsd })}
        />
        <Field
          label="Budget in tokens"
          inputMode="numeric"
          placeholder="as in the file"
          value={draft.budgetTokens}
          problem={problems.budgetTokens}
          onValue={(budgetTokens) => change({ budgetTokens })}
        />
        <Field
          label="At most so many at once"
          inputMode="numeric"
          placeholder="as in the file"
          value={draft.concurrency}
          problem={problems.concurrency}
          onValue={(concurrency) => change({ concurrency })}
        />
        <Field label="Name" placeholder="as in the file" value={draft.name} onValue={(name) => change({ name })} />
        <Field
          label="Folder the agents work in"
          placeholder="the file’s, or the server’s"
          value={draft.workspace}
          onValue={(workspace) => change({ workspace })}
        />
      </div>
      <div className={fieldStyles.field}>
        <label htmlFor={id}>Variables, one NAME=VALUE in each line</label>
        <textarea
          id={id}
          rows={2}
          className={styles.variables}
          value={draft.variables}
          aria-invalid={problems.variables === undefined ? undefined : true}
          onChange={({ target }) => change({ variables: target.value })}
        />
        {problems.variables === undefined ? null : <span className={fieldStyles.problem}>{problems.variables}</span>}
      </div>
    </>
  );
}
