/** Where batches go: one browser's SSE answer, or a WebSocket. */
export interface Sink {
  /** One batch, whole. */
  send(cursor: string, text: string): void;
  /** Bytes that were sent and not taken yet. */
  backlog(): number;
  /** After what was sent. A reader who takes nothing is cut off after a while. */
  end(): void;
  readonly isClosed: boolean;
}
