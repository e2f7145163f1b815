/** Time. Deadlines are kept on `monotonic`, so a changed wall clock moves none of them. */
export interface Clock {
  /** ms since 1970. */
  wall(): number;
  /** ms since some fixed moment, never going back. */
  monotonic(): number;
  /** Calls `action` once after `ms` (at once for 0 or less); the answer cancels it. Any length, also over 24.8 days. */
  after(ms: number, action: () => void): () => void;
}
