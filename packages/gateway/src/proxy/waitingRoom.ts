/** Requests that wait for room in a budget, oldest first: each is tried again when another has settled, or its time comes. */
export class WaitingRoom {
  readonly #waiting = new Set<() => void>();

  /** Calls `retry` at each chance until it gives an answer; `isLast` at the end of the wait. Gives up when aborted. */
  async until<Answer>(
    retry: (isLast: boolean) => Answer | { readonly againInMs: number | undefined },
    { longestMs, signal }: { readonly longestMs: number; readonly signal: AbortSignal },
  ): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const started = performance.now();
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const attempt = (): void => {
      if (isOver) return;
      clearTimeout(timer);
      const leftMs = longestMs - (performance.now() - started);
      const answer = retry(leftMs <= 0);
      if (!isHeld(answer)) {
        isOver = true;
        resolve(answer);
        return;
      }
      timer = setTimeout(attempt, Math.max(1, Math.min(leftMs, answer.againInMs ?? leftMs)));
    };
    const giveUp = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", giveUp, { once: true });
    this.#waiting.add(attempt);
    try {
      signal.throwIfAborted();
      attempt();
      return await promise;
    } finally {
      isOver = true;
      clearTimeout(timer);
      this.#waiting.delete(attempt);
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Something has settled: there may be room now. */
  tryAll(): void {
    for (const attempt of this.#waiting) attempt();
  }
}

function isHeld(answer: unknown): answer is { readonly againInMs: number | undefined } {
  return typeof answer === "object" && answer !== null && "againInMs" in answer;
}
