import type { BreakerName, BreakerPolicy } from "@claude-orchestrator/domain";
import { ContextGrowth } from "./contextGrowth.ts";
import { IdenticalRequests } from "./identicalRequests.ts";

/** What tripped, and at what: told once per attempt. */
export interface Trip {
  readonly breaker: BreakerName;
  readonly value: number;
  readonly limit: number;
}

interface Asked {
  readonly fingerprint?: string | undefined;
  readonly subAgent?: string | undefined;
}

/** Sees an attempt's requests go wrong in ways that no budget sees in time. Each breaker trips once. */
export class Breakers {
  readonly #policy: BreakerPolicy;
  readonly #identical = new IdenticalRequests();
  readonly #growth = new ContextGrowth();
  readonly #subAgents = new Set<string>();
  readonly #tripped = new Set<BreakerName>();

  constructor(policy: BreakerPolicy) {
    this.#policy = policy;
  }

  /** Before a request is set aside. */
  asked({ fingerprint, subAgent }: Asked): Trip | undefined {
    const before = fingerprint === undefined ? 0 : this.#identical.answeredBefore(fingerprint);
    const repeated = this.#check("identical_requests", before, before >= this.#policy.identicalRequests);
    if (repeated !== undefined) return repeated;
    if (subAgent !== undefined && this.#subAgents.size <= this.#policy.subAgents) this.#subAgents.add(subAgent);
    const { size } = this.#subAgents;
    return this.#check("sub_agents", size, size > this.#policy.subAgents);
  }

  /** After a request was answered to its end. */
  answered({ fingerprint, subAgent }: Asked, costUsd: number | undefined): Trip | undefined {
    if (fingerprint !== undefined) this.#identical.answered(fingerprint);
    // A sub-agent begins small beside its agent, which says nothing of either.
    if (subAgent !== undefined || costUsd === undefined) return undefined;
    const growth = this.#growth.turn(costUsd);
    return growth === undefined
      ? undefined
      : this.#check("context_growth", growth, growth >= this.#policy.contextGrowth);
  }

  #check(breaker: BreakerName, value: number, isOver: boolean): Trip | undefined {
    const limit = limitOf(this.#policy, breaker);
    if (!isOver || limit === 0 || this.#tripped.has(breaker)) return undefined;
    this.#tripped.add(breaker);
    return { breaker, value, limit };
  }
}

function limitOf(policy: BreakerPolicy, breaker: BreakerName): number {
  switch (breaker) {
    case "identical_requests":
      return policy.identicalRequests;
    case "sub_agents":
      return policy.subAgents;
    case "context_growth":
      return policy.contextGrowth;
  }
}
