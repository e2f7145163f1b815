import { wrongOrder } from "../data/days.ts";
import { Choice, Field } from "./Field.tsx";

export interface DayRangeProps {
  readonly label: string;
  /** Value and word of each time that has a name. */
  readonly presets: readonly (readonly [string, string])[];
  /** One of them, or "" where it is by days. */
  readonly preset: string;
  /** ISO dates, both included; "" for no bound. */
  readonly from: string;
  readonly to: string;
  readonly onPreset: (preset: string) => void;
  readonly onFrom: (day: string) => void;
  readonly onTo: (day: string) => void;
}

/** A time by its name, or between two days: the browser's own fields, so that they are written, chosen or stepped through. */
export function DayRange({ label, presets, preset, from, to, onPreset, onFrom, onTo }: DayRangeProps) {
  const isNamed = presets.some(([value]) => value === preset);
  return (
    <>
      <Choice
        label={label}
        value={isNamed ? preset : "days"}
        onValue={(value) => value !== "days" && onPreset(value)}
        choices={isNamed ? presets : [...presets, ["days", "the days beside"]]}
      />
      <Field label="From" type="date" value={from} max={to === "" ? undefined : to} onValue={onFrom} />
      <Field
        label="Up to"
        type="date"
        value={to}
        min={from === "" ? undefined : from}
        onValue={onTo}
        problem={wrongOrder(from, to)}
      />
    </>
  );
}
