import type { BudgetLimit } from "@claude-orchestrator/domain";

/** In both units; what has no known price is no dollars. */
export interface SharedAmount {
  readonly tokens: number;
  readonly costUsd: number;
}

/** Where a limit stands over all runs, in its own unit. */
export interface SharedStanding {
  readonly limit: BudgetLimit;
  readonly used: number;
  /** Set aside for requests under way, of every run that is at work. */
  readonly reserved: number;
}

/**
 * What all runs of a person on this machine have spent and set aside, as one of them sees it. It outlives every process. Each
 * call is one step: nobody sees half of it, and it is there for all others when it returns. Limits are those of a day and of the
 * machine. Every method throws an Error where the ledger cannot be used.
 */
export interface SharedLedger {
  /**
   * What an attempt of this run has spent in all: only what is new is added.
   *
   * @param at ms since 1970: when it was spent, where that is not now
   */
  record(attempt: string, spent: SharedAmount, at?: number): void;
  /** Sets a request's worst case aside, unless `refuse` finds a reason in what is there at that moment: then it is given. */
  reserve<Refusal>(
    request: { readonly attempt: string; readonly request: number },
    worst: SharedAmount,
    limits: readonly BudgetLimit[],
    refuse: (standing: readonly SharedStanding[]) => Refusal | undefined,
  ): Refusal | undefined;
  release(request: { readonly attempt: string; readonly request: number }): void;
  /** Of this run nothing is set aside but for these requests: what an earlier supervisor left is otherwise free. */
  keepOnly(requests: readonly { readonly attempt: string; readonly request: number }[]): void;
  standing(limits: readonly BudgetLimit[]): readonly SharedStanding[];
  /** In how many ms there is room for so much (0: for any) as far as time makes it; undefined where it never does. */
  freesIn(limit: BudgetLimit, need: number): number | undefined;
}
