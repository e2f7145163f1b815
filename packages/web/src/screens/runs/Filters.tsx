import { stateWord } from "../../kit/StateMark.tsx";
import styles from "./Filters.module.css";

const statuses = ["running", "succeeded", "failed", "budget_exceeded", "stopped", "interrupted", "damaged"];

export interface FiltersProps {
  readonly text: string;
  readonly status: string;
  readonly onText: (text: string) => void;
  readonly onStatus: (status: string) => void;
}

export function Filters({ text, status, onText, onStatus }: FiltersProps) {
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
    </form>
  );
}
