import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Actor } from "@claude-orchestrator/protocol";

/** Who did what, when and from where. */
export interface AuditLine {
  /** By which the line before an action and the one after it are told to be of the same. */
  readonly request: string;
  readonly actor: Actor | null;
  /** The route's name. */
  readonly action: string;
  readonly object: string | null;
  /** What became of it; null: it is about to be done. */
  readonly status: number | null;
  readonly remote: string;
}

export interface Audit {
  /** On disk when it returns. @throws the system's error, naming the file */
  record(line: AuditLine): void;
}

/** One line of JSON for each. Only its owner may read it. */
export function openAudit(path: string, now: () => number): Audit {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // What a full disk took of a line must not make the next one unreadable.
  let isTorn = false;
  return {
    record: (line) => {
      const text = `${JSON.stringify({ at: new Date(now()).toISOString(), ...line })}\n`;
      const wasTorn = isTorn;
      isTorn = true;
      appendFileSync(path, wasTorn ? `\n${text}` : text, { mode: 0o600, flush: true });
      isTorn = false;
    },
  };
}
