/** So many different requests are remembered; the oldest is forgotten first. */
const remembered = 256;

/** Counts how often the same request was answered. Constant memory. */
export class IdenticalRequests {
  readonly #answered = new Map<string, number>();

  /** How often it was answered before. */
  answeredBefore(fingerprint: string): number {
    return this.#answered.get(fingerprint) ?? 0;
  }

  /** One that failed is asked again for a reason, and is not told here. */
  answered(fingerprint: string): void {
    const count = this.answeredBefore(fingerprint) + 1;
    this.#answered.delete(fingerprint);
    this.#answered.set(fingerprint, count);
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > remembered && oldest !== undefined) this.#answered.delete(oldest);
  }
}
