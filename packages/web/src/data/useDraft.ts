import { useCallback, useState } from "react";

/**
 * What somebody is in the middle of, kept until the tab is closed, so that a reload does not lose it. Read as JSON of the
 * right shape, or begun anew.
 */
export function useDraft<Value>(
  key: string,
  fresh: Value,
  isRight: (value: unknown) => value is Value,
): readonly [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => stored(key, isRight) ?? fresh);
  const change = useCallback(
    (next: Value) => {
      setValue(next);
      try {
        sessionStorage.setItem(key, JSON.stringify(next));
      } catch {
        // A browser that keeps nothing for us: then it lasts as long as the page does.
      }
    },
    [key],
  );
  return [value, change];
}

function stored<Value>(key: string, isRight: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return isRight(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
