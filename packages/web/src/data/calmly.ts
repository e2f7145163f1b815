/**
 * Calls `listener` at most once in so many ms: at once where it was not called for so long, else when that time is over.
 * Nothing that happened stays untold. The ms may change: those of the last call count.
 */
export function calmly(
  listener: () => void,
  everyMs: () => number,
): { readonly call: () => void; readonly cancel: () => void } {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    timer = undefined;
    last = performance.now();
    listener();
  };
  return {
    call: () => {
      clearTimeout(timer);
      const wait = last + everyMs() - performance.now();
      if (wait <= 0) tell();
      else timer = setTimeout(tell, wait);
    },
    cancel: () => clearTimeout(timer),
  };
}
