import { appendFileSync, readFileSync } from "node:fs";

/** What became of one notice at one target, as a line of `notifications.jsonl`. */
export interface DeliveryLine {
  readonly id: string;
  readonly kind: string;
  /** Its place in the file, and in words. */
  readonly target: string;
  /** given-up: the run's end did not wait any longer; a run that is taken up tries again. */
  readonly outcome: "delivered" | "failed" | "given-up";
  readonly tries: number;
  readonly detail: string;
  /** ms since 1970. */
  readonly at: number;
}

/** The file with what was delivered, readable by its owner only. A line that was cut by a crash is no line. */
export class DeliveryRecord {
  readonly #path: string;
  readonly #settled = new Set<string>();
  #needsBreak: boolean;

  constructor(path: string) {
    this.#path = path;
    const text = readIfThere(path);
    for (const line of text.split("\n")) this.#take(line);
    this.#needsBreak = text !== "" && !text.endsWith("\n");
  }

  /** True where this target has had the notice, or will not have it. */
  has(id: string, target: string): boolean {
    return this.#settled.has(`${id} ${target}`);
  }

  /** @throws the error of the file system */
  add(line: DeliveryLine): void {
    if (line.outcome !== "given-up") this.#settled.add(`${line.id} ${line.target}`);
    const text = `${this.#needsBreak ? "\n" : ""}${JSON.stringify(line)}\n`;
    appendFileSync(this.#path, text, { mode: 0o600 });
    this.#needsBreak = false;
  }

  #take(text: string): void {
    try {
      const line = JSON.parse(text) as Partial<DeliveryLine> | null;
      if (line?.outcome === "delivered" || line?.outcome === "failed") this.#settled.add(`${line.id} ${line.target}`);
    } catch {
      // Cut by a crash: the notice is delivered once more, with the same id.
    }
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
