import { useEffect, useState } from "react";

/** So long nothing must be typed before a server is asked about it. */
const quietMs = 500;

/** A value that somebody types, once they pause. */
export function useQuietly(value: string): string {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), quietMs);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}
