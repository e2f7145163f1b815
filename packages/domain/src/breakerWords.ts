import type { BreakerName } from "./plan.ts";

/** What tripped, in a sentence. */
export function breakerWords({
  breaker,
  value,
  limit,
}: {
  readonly breaker: BreakerName;
  readonly value: number;
  readonly limit: number;
}): string {
  switch (breaker) {
    case "identical_requests":
      return `it asked its model the same thing again after ${value} answers (identical_requests: ${limit})`;
    case "sub_agents":
      return `it has ${value} sub-agents (sub_agents: ${limit})`;
    case "context_growth":
      return `a turn has become ${value.toFixed(1)} times dearer within twelve (context_growth: ${limit})`;
  }
}
