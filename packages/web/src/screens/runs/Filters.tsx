import { stateWord } from "../../kit/StateMark.tsx";
import { sinceChoices } from "./useFilteredRuns.ts";
import type { RunFilter } from "./useFilteredRuns.ts";
import styles from "./Filters.module.css";

const statuses = ["running", "succeeded", "failed", "budget_exceeded", "stopped", "interrupted", "damaged"];

export interface FiltersProps {
  readonly filter: RunFilter;
  readonly onText: (text: string) => void;
  readonly onStatus: (status: string) => void;
  readonly onSince: (since: string) => void;
}

export function Filters({ filter: { text, status, since }, onText, onStatus, onSince }: FiltersProps) {
  return (
    <form role="search" className={styles.filters} onSubmit={(event) => event.preventDefault()}>
      <label className={styles.field}>
        <span>Name or id</span>
        <input id="filter-text" type="search" value={text} onChange={({ target }) => onText(target.value)} />
      </label>
      <label className={styles.field}>
        <span>State</span>
        <select value={status} onChange={({ target }) => onStatus(target.value)}>
          <option value="">any</option>
          {statuses.map((each) => (
            <option key={each} value={each}>
              {stateWord(each)}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.field}>
        <span>Begun in</span>
        <select value={since} onChange={({ target }) => onSince(target.value)}>
          <option value="">any time</option>
          {sinceChoices.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
