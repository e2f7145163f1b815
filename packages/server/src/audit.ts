import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Actor } from "@claude-orchestrator/protocol";

/** Who did what, when and from where, and what became of it. */
export interface AuditLine {
  readonly actor: Actor | null;
  /** The route's name. */
  readonly action: string;
  readonly object: string | null;
  readonly status: number;
  readonly remote: string;
}

export interface Audit {
  record(line: AuditLine): void;
}

/** One line of JSON for each, on disk before the answer goes out. Only its owner may read it. */
export function openAudit(path: string, now: () => number): Audit {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return {
    record: (line) => {
      appendFileSync(path, `${JSON.stringify({ at: new Date(now()).toISOString(), ...line })}\n`, { mode: 0o600 });
    },
  };
}
