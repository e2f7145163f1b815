import { useEffect, useState } from "react";

/**
 * The wall clock, in ms since 1970, looked at again as often as what it is shown beside changes its words: each second for
 * what is less than a minute away, else each half minute. Only while the page is seen.
 */
export function useNow(near: number): number {
  const [now, setNow] = useState(() => Date.now());
  const every = Math.abs(now - near) < 60_000 ? 1_000 : 30_000;
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") setNow(Date.now());
    };
    const timer = setInterval(look, every);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [every]);
  return now;
}
