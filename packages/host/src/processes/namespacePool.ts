import type { Platform } from "../platform/platform.ts";
import type { NamespaceTools } from "./namespaceTools.ts";
import {
  beginPidNamespace,
  type KeeperMark,
  type NamespaceOpening,
  type NamespaceProblem,
  type PidNamespace,
} from "./pidNamespace.ts";

/** Begun ahead: so many attempts can start one after the other without waiting, and a crowd waits for several at a time. */
const ahead = 3;

/** Namespaces of which the next are always on their way. What is not taken ends with this program. */
export interface NamespacePool {
  /**
   * One that nobody had before. `directory` gets files for a moment.
   *
   * @throws the error of the file system
   */
  take(directory: string): PidNamespace | NamespaceProblem;
  /**
   * Ends those on their way, and begins no more. A bwrap that is still setting up when its parent ends is not tied to it yet and
   * would wait for ever, so a program that ends does not leave it to that.
   */
  end(): void;
}

export function createNamespacePool(
  tools: NamespaceTools,
  platform: Platform,
  mark: KeeperMark | undefined,
): NamespacePool {
  const begun: NamespaceOpening[] = [];
  let hasEnded = false;
  const fill = (directory: string): void => {
    while (!hasEnded && begun.length < ahead) begun.push(beginPidNamespace(tools, platform, { directory, mark }));
  };

  return {
    end: () => {
      hasEnded = true;
      for (const opening of begun.splice(0)) opening.abandon();
    },
    take: (directory) => {
      // As many as may have been ended by somebody while they waited, and one that was just begun.
      for (let tries = 0; tries <= ahead; tries++) {
        if (begun.length === 0) fill(directory);
        const namespace = begun.shift()?.complete();
        if (namespace === undefined) continue;
        if (begun.length === 0) fillLater(() => fill(directory));
        return namespace;
      }
      return { problem: "each was ended by somebody as soon as it was there" };
    },
  };
}

/** Not now: an attempt is about to start. A disk or a table that is full by then is the next one's to tell. */
function fillLater(fill: () => void): void {
  setImmediate(() => {
    try {
      fill();
    } catch {
      // Told by the next who asks.
    }
  });
}
