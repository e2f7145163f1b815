import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonValue } from "@claude-orchestrator/domain";

/** What whoever takes a run up must know of its trace. */
export interface TraceFacts {
  /** The span that the run was started in. */
  readonly traceparent?: string;
  /** Spans up to this event of the log have arrived. */
  readonly sent: number;
}

/** `telemetry.json` in the run's folder. What cannot be read or written costs spans that are sent twice, with the same ids. */
export class TraceRecord {
  readonly #path: string;
  #facts: TraceFacts;

  /** @param fresh for a run that has none yet */
  constructor(directory: string, fresh: Omit<TraceFacts, "sent">) {
    this.#path = join(directory, "telemetry.json");
    const found = this.#read();
    this.#facts = found ?? { ...fresh, sent: 0 };
    if (found === undefined) this.#write();
  }

  get facts(): TraceFacts {
    return this.#facts;
  }

  arrived(sent: number): void {
    if (sent <= this.#facts.sent) return;
    this.#facts = { ...this.#facts, sent };
    this.#write();
  }

  #read(): TraceFacts | undefined {
    try {
      const value = JSON.parse(readFileSync(this.#path, "utf8")) as JsonValue;
      if (!isJsonObject(value) || typeof value["sent"] !== "number") return undefined;
      const { traceparent, sent } = value;
      return { ...(typeof traceparent === "string" ? { traceparent } : {}), sent };
    } catch {
      // There is none, or it is of no use: everything is sent, under the ids it had.
      return undefined;
    }
  }

  #write(): void {
    try {
      writeFileSync(`${this.#path}.new`, `${JSON.stringify(this.#facts)}\n`, { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      // A full disk is told of by the log; spans then come twice at worst.
    }
  }
}
