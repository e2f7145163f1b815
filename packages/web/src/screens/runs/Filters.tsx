import { isDay } from "../../data/days.ts";
import type { AddressChanges } from "../../data/addressWith.ts";
import { DayRange } from "../../kit/DayRange.tsx";
import { Choice, Field } from "../../kit/Field.tsx";
import { stateWord } from "../../kit/StateMark.tsx";
import styles from "./Filters.module.css";
import { sinceChoices } from "./useFilteredRuns.ts";
import type { RunFilter } from "./useFilteredRuns.ts";

const statuses = ["running", "succeeded", "failed", "budget_exceeded", "stopped", "interrupted", "damaged"];

export interface FiltersProps {
  readonly filter: RunFilter;
  /** What is to stand in the address; undefined takes it out. */
  readonly onChange: (change: AddressChanges) => void;
}

export function Filters({ filter: { text, status, since, until }, onChange }: FiltersProps) {
  const from = isDay(since) ? since : "";
  return (
    <form role="search" className={styles.filters} onSubmit={(event) => event.preventDefault()}>
      <Field
        id="filter-text"
        label="Name or id"
        type="search"
        value={text}
        onValue={(value) => onChange({ text: value })}
      />
      <Choice
        label="State"
        value={status}
        onValue={(value) => onChange({ status: value })}
        choices={[["", "any"], ...statuses.map((each) => [each, stateWord(each)] as const)]}
      />
      <DayRange
        label="Begun in"
        presets={[["", "any time"], ...sinceChoices.map(([name, words]) => [name, words] as const)]}
        preset={from === "" && until === "" ? since : "days"}
        from={from}
        to={until}
        onPreset={(value) => onChange({ since: value, until: undefined })}
        onFrom={(day) => onChange({ since: day })}
        onTo={(day) => onChange({ until: day, since: from })}
      />
    </form>
  );
}
