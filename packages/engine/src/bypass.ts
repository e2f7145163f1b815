import { totalTokens } from "@claude-orchestrator/domain";
import type { Spending } from "@claude-orchestrator/domain";
import type { AttemptRequests } from "./attemptRequests.ts";

/** An agent's own count may be over ours by rounding, by what was cut, by words it adds; not by more than this. */
const tolerated = 2000;
const toleratedShare = 1.25;

/**
 * What of an agent's own total did not come through the gateway, in tokens, where that is more than two ways of counting differ by:
 * it has asked its model another way as well. Nothing where it has asked here not at all, which is said elsewhere.
 */
export function besideGateway(
  requests: Pick<AttemptRequests, "hasAsked" | "spent"> | undefined,
  told: Spending,
): { readonly besideGateway?: number } {
  if (requests?.hasAsked !== true) return {};
  const metered = totalTokens(requests.spent.usage);
  const own = totalTokens(told.usage);
  return own > metered * toleratedShare + tolerated ? { besideGateway: own - metered } : {};
}
