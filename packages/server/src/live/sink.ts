/** Where batches go: one browser's SSE answer, or a WebSocket. */
export interface Sink {
  /** One batch, whole, in parts: those that many are sent are the same bytes for all of them. */
  send(cursor: string, parts: readonly (string | Buffer)[]): void;
  /** Bytes that were sent and not taken yet. */
  backlog(): number;
  /** After what was sent. A reader who takes nothing is cut off after a while. */
  end(): void;
  readonly isClosed: boolean;
}
