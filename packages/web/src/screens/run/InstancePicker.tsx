import type { RunState } from "@claude-orchestrator/domain";
import { standingOf } from "../../data/totals.ts";
import { stateWord } from "../../kit/StateMark.tsx";
import { mostOptions, TypedChoice } from "../../kit/TypedChoice.tsx";
import styles from "./InstancePicker.module.css";
import type { ChosenAttempt } from "./useChosenAttempt.ts";

/** Chooses whose output, transcript or changes are shown, and of which attempt. */
export function InstancePicker({ state, chosen }: { readonly state: RunState; readonly chosen: ChosenAttempt }) {
  const { instance, attempt, choose } = chosen;
  const attempts = state.instances.get(instance ?? "")?.attempts ?? [];
  return (
    <div className={styles.picker}>
      <label>
        <span>Instance</span>
        {state.instances.size > mostOptions ? (
          <TypedChoice names={[...state.instances.keys()]} value={instance ?? ""} onChoose={choose} />
        ) : (
          <select value={instance} onChange={({ target }) => choose(target.value)}>
            {[...state.instances.values()].map((each) => (
              <option key={each.name} value={each.name}>
                {each.name} ({stateWord(standingOf(each))})
              </option>
            ))}
          </select>
        )}
      </label>
      {attempts.length < 2 ? null : (
        <label>
          <span>Attempt</span>
          <select value={attempt?.number} onChange={({ target }) => choose(instance ?? "", Number(target.value))}>
            {attempts.map(({ number, end }) => (
              <option key={number} value={number}>
                {number} ({end === undefined ? "running" : stateWord(end.verdict)})
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
