import { useId } from "react";
import type { InputHTMLAttributes, ReactNode } from "react";
import styles from "./Field.module.css";

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Under it: what may be written, what happens without it. */
  readonly hint?: ReactNode;
  /** What is wrong with what stands there. */
  readonly problem?: string | undefined;
  /** Offered while it is written; anything else may be. */
  readonly offers?: readonly string[];
}

/** One line somebody writes, under its name; what is wrong with it is said where it is. */
export function Field({ label, value, onValue, hint, problem, offers, ...rest }: FieldProps) {
  const own = useId();
  const id = rest.id ?? own;
  const isTold = hint !== undefined || problem !== undefined;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        value={value}
        aria-invalid={problem === undefined ? undefined : true}
        aria-describedby={isTold ? `${id}-told` : undefined}
        list={offers === undefined ? undefined : `${id}-offers`}
        onChange={({ target }) => onValue(target.value)}
      />
      {offers === undefined ? null : (
        <datalist id={`${id}-offers`}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
      {isTold ? (
        <span id={`${id}-told`} className={problem === undefined ? styles.hint : styles.problem}>
          {problem ?? hint}
        </span>
      ) : null}
    </div>
  );
}

export interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Value and word. */
  readonly choices: readonly (readonly [string, string])[];
}

/** One of several, under its name. */
export function Choice({ label, value, onValue, choices }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => onValue(target.value)}>
        {choices.map(([each, word]) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}
