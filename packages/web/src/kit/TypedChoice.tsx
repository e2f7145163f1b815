import { useEffect, useId, useMemo, useState } from "react";

/** Above so many a list to choose from is no help, and slow to make: the name is typed instead. */
export const mostOptions = 500;
const mostOffered = 50;

export interface TypedChoiceProps {
  readonly names: readonly string[];
  readonly value: string;
  readonly onChoose: (name: string) => void;
  /** What an empty field means; absent where it means nothing. */
  readonly all?: string;
}

/** One name of very many, typed; the first that fit are offered. What is no name changes nothing. */
export function TypedChoice({ names, value, onChoose, all }: TypedChoiceProps) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const offered = useMemo(() => fitting(names, text), [names, text]);
  const onText = (next: string): void => {
    setText(next);
    if (next === "" ? all !== undefined : names.includes(next)) onChoose(next);
  };
  return (
    <>
      <input list={id} value={text} placeholder={all} onChange={({ target }) => onText(target.value)} />
      <datalist id={id}>
        {offered.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

function fitting(names: readonly string[], text: string): readonly string[] {
  const wanted = text.toLowerCase();
  const offered: string[] = [];
  for (const name of names) {
    if (offered.length === mostOffered) break;
    if (name.toLowerCase().includes(wanted)) offered.push(name);
  }
  return offered;
}
