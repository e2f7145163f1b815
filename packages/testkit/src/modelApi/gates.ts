export interface Gates {
  /** Settles when the run, or everything, has been released; at once where that has happened already. */
  readonly pass: (run: string, signal: AbortSignal) => Promise<void>;
  /** Opens one run's gate, or all gates there will ever be. */
  readonly release: (run?: string) => void;
}

/** Holds requests until a test lets them go. */
export function createGates(): Gates {
  const open = new Set<string>();
  const waiting = new Set<() => void>();
  let allOpen = false;
  return {
    pass: (run, signal) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!allOpen && !open.has(run) && !signal.aborted) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        signal.addEventListener("abort", look, { once: true });
        look();
      }),
    release(run) {
      if (run === undefined) allOpen = true;
      else open.add(run);
      for (const look of waiting) look();
    },
  };
}
