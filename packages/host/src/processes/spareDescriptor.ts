import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";

/** A file descriptor kept for the moment when there is none left: without one nobody can look for who is left behind. */
export interface SpareDescriptor {
  /** Holds one, where one is to be had. */
  hold(): void;
  release(): void;
  /** Does `work` with the spare one free for it. */
  lend<Result>(work: () => Result): Result;
}

export function createSpareDescriptor(): SpareDescriptor {
  let held: number | undefined;
  const hold = (): void => {
    try {
      held ??= openSync(devNull, "r");
    } catch {
      // None is left: the next to be closed is taken when it is asked for again.
    }
  };
  const release = (): void => {
    if (held !== undefined) closeSync(held);
    held = undefined;
  };
  return {
    hold,
    release,
    lend: (work) => {
      release();
      try {
        return work();
      } finally {
        hold();
      }
    },
  };
}
