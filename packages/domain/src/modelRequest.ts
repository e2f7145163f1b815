import type { LoggedEvent, Spending } from "./events.ts";
import { nothingSpent } from "./spending.ts";
import { totalTokens } from "./usage.ts";

/** What one request to a model costs, or at most can. */
export interface RequestAmount {
  readonly tokens: number;
  /** In US dollars; undefined where the price is not known. */
  readonly costUsd?: number;
  /** How many of the tokens are its prompt, where that was estimated from what it says. */
  readonly input?: number;
}

/**
 * How a request to a model ended: answered to its end, cut off by the model's side, given up by the agent, refused or failed
 * there, or not known since the supervisor was gone.
 */
export type RequestOutcome = "answered" | "cut" | "abandoned" | "failed" | "lost";

/** A settled request as part of what its attempt spent. One that cost nothing leaves no trace in it. */
export function spendingOfRequest(
  event: Pick<Extract<LoggedEvent, { type: "request-settled" }>, "model" | "usage" | "costUsd" | "counted">,
): Spending {
  const { usage, costUsd, counted } = event;
  if (totalTokens(usage) === 0 && (costUsd ?? 0) === 0) return nothingSpent;
  const cost = costUsd === undefined ? {} : { costUsd };
  return {
    byModel: { [event.model ?? "unknown model"]: { usage, ...cost } },
    usage,
    ...cost,
    costSource: costUsd === undefined ? "unknown" : "priced",
    final: counted === "reported",
  };
}
