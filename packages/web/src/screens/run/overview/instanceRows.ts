import { knownCost, totalTokens } from "@claude-orchestrator/domain";
import type { AttemptState, InstanceState, RunState } from "@claude-orchestrator/domain";
import { standingOf } from "../../../data/totals.ts";

/** What the list of a run's instances says of one of them. */
export interface InstanceRow {
  readonly name: string;
  readonly standing: string;
  readonly attempts: number;
  /** Of its first attempt, ms since 1970; undefined where there was none. */
  readonly since: number | undefined;
  /** Undefined while it is not over. */
  readonly until: number | undefined;
  readonly tokens: number;
  readonly cost: number;
  /** True where the figures are at least that. */
  readonly isBound: boolean;
  /** Why it stands where it does, or the newest thing it said or did. */
  readonly words: string;
  /** Of the last attempt. */
  readonly checksOk: number;
  readonly checks: number;
  /** Refused tool calls, of all attempts. */
  readonly denied: number;
}

/** What one looks for first: what failed, what works, what waits, and then what is over. */
export function instanceRows(state: RunState): readonly InstanceRow[] {
  return new InstanceRows().of(state);
}

/** As `instanceRows`, time after time: the row of an instance that has not changed is the same one. */
export class InstanceRows {
  readonly #known = new Map<string, { readonly instance: InstanceState; readonly row: InstanceRow }>();

  of(state: RunState): readonly InstanceRow[] {
    const ranked: InstanceRow[][] = [];
    for (const instance of state.instances.values()) {
      const row = this.#rowOf(instance);
      (ranked[rankOf(row.standing)] ??= []).push(row);
    }
    return ranked.flat();
  }

  #rowOf(instance: InstanceState): InstanceRow {
    const known = this.#known.get(instance.name);
    if (known?.instance === instance) return known.row;
    const row = rowOf(instance);
    this.#known.set(instance.name, { instance, row });
    return row;
  }
}

function rowOf(instance: InstanceState): InstanceRow {
  const { name, phase, attempts, spent } = instance;
  const checks = attempts.at(-1)?.checks ?? [];
  const tokens = totalTokens(spent.usage);
  return {
    name,
    standing: standingOf(instance),
    attempts: attempts.length,
    since: attempts[0]?.plannedAt,
    until: phase.status === "settled" ? phase.at : undefined,
    tokens,
    cost: knownCost(spent),
    isBound: !spent.final || (spent.costUsd === undefined && tokens > 0),
    words: wordsOf(instance),
    checksOk: checks.filter(({ ok }) => ok).length,
    checks: checks.length,
    denied: attempts.reduce((sum, { denied }) => sum + denied.length, 0),
  };
}

function wordsOf({ phase, attempts }: InstanceState): string {
  const attempt = attempts.at(-1);
  const said = attempt?.last?.text ?? "";
  switch (phase.status) {
    case "settled":
      return phase.verdict === "succeeded" ? succeededWords(attempt, phase.reason) : phase.reason;
    case "held":
    case "retrying":
      return phase.reason;
    case "ended":
      return attempt?.end?.reason ?? said;
    case "running":
    case "stopping":
      return said;
    case "waiting":
      return "";
  }
}

function succeededWords(attempt: AttemptState | undefined, reason: string): string {
  return attempt?.end?.result ?? attempt?.last?.text ?? reason;
}

const ranks: Readonly<Record<string, number>> = {
  stopping: 1,
  running: 1,
  ended: 1,
  retrying: 2,
  held: 2,
  waiting: 3,
  succeeded: 4,
  stopped: 5,
  skipped: 5,
};

/** What is not named is an end that nobody wished for. */
function rankOf(standing: string): number {
  return ranks[standing] ?? 0;
}
