import { useId } from "react";
import styles from "./Choice.module.css";

export interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly options: readonly { readonly name: Name; readonly title: string }[];
  readonly chosen: Name;
  readonly onChoose: (name: Name) => void;
}

/** One of a few ways of showing the same: radio buttons, that look like parts of one button. */
export function Choice<Name extends string>({ label, options, chosen, onChoose }: ChoiceProps<Name>) {
  const group = useId();
  return (
    <fieldset className={styles.choice}>
      <legend className="hidden">{label}</legend>
      {options.map(({ name, title }) => (
        <label key={name}>
          <input
            type="radio"
            className="hidden"
            name={group}
            checked={name === chosen}
            onChange={() => onChoose(name)}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
