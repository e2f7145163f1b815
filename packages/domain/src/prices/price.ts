/** US dollars for a million tokens of each kind. A kind that is not there has no evidenced price. */
export interface TokenPrices {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

/** What one model costs, who says so, and when they said it. */
export interface ModelPrice {
  /** The vendor's id of the model. */
  readonly model: string;
  readonly vendor: "anthropic" | "openai" | "google";
  /** Other ids of the same model at the same price, each written out. */
  readonly aliases?: readonly string[];
  readonly prices: TokenPrices;
  /** Prices of a whole call whose prompt (input, cache reads and cache writes together) is longer than this. */
  readonly longPrompt?: LongPrompt;
  /** The day the source was read, or published where it is dated itself: YYYY-MM-DD. */
  readonly asOf: string;
  /** The last day of a price announced as temporary: YYYY-MM-DD. */
  readonly until?: string;
  readonly source: string;
}

export interface LongPrompt {
  readonly aboveTokens: number;
  readonly prices: TokenPrices;
  /**
   * True where the vendor's own agent never sends such a prompt unless its context window is raised by hand: tokens summed
   * over many calls are then priced as short ones.
   */
  readonly onlyIfWindowRaised: boolean;
}
