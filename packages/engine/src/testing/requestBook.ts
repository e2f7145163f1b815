import { foldRun, limitCovers, parseRunId, totalTokens, withLimit } from "@claude-orchestrator/domain";
import type { BudgetLimit, LoggedEvent, RequestAmount, RunEvent, RunState } from "@claude-orchestrator/domain";
import { AttemptRequests } from "../attemptRequests.ts";
import { Ledger } from "../ledger.ts";
import type { LimitState } from "../ledgerAccount.ts";
import type { AskedOfDesk, RequestAnswer } from "../ports.ts";
import { plainInstance, planOf } from "./simulation.ts";

/** Attempts whose requests are decided on by one ledger and kept in a log, as a run has them, without processes or gateway. */
export class RequestBook {
  limits: readonly BudgetLimit[];
  readonly names = ["a", "b", "c"] as const;
  readonly events: LoggedEvent[] = [];
  now = 0;
  ledger: Ledger;
  #attempts = new Map<string, AttemptRequests>();

  constructor(limits: readonly BudgetLimit[]) {
    this.limits = limits;
    this.ledger = new Ledger(limits);
    this.#append(created(limits, this.names));
    for (const instance of this.names) {
      this.#append({
        type: "attempt-planned",
        instance,
        attempt: 1,
        agent: "plain",
        argv: [],
        envNames: [],
        cwd: "/",
        files: { stdout: "o", stderr: "e" },
        marker: "m",
        gateway: { url: "http://127.0.0.1:1", tokenHash: "hash" },
      });
      this.#attempts.set(instance, this.#open(instance));
    }
  }

  ask(instance: string, worst: RequestAmount, more: Partial<AskedOfDesk> = {}): RequestAnswer {
    return this.#of(instance).ask({ model: "m", worst, final: true, ...more });
  }

  /** A person sets another amount. */
  set(limit: BudgetLimit): void {
    const { scope, unit, enforcement } = limit;
    this.#append({ type: "budget-changed", scope, unit, limit: limit.limit, enforcement });
    this.limits = withLimit(this.limits, limit);
    this.ledger.change(limit, this.now);
  }

  settle(instance: string, request: number, cost: RequestAmount): void {
    this.#of(instance).settle(request, {
      model: "m",
      usage: { ...noTokens, input: cost.tokens },
      ...(cost.costUsd === undefined ? {} : { costUsd: cost.costUsd }),
      outcome: "answered",
      counted: "reported",
      durationMs: 1,
    });
  }

  /** The supervisor is gone; another one has nothing but the log. */
  crash(): void {
    const state = this.state();
    this.ledger = new Ledger(this.limits);
    for (const [instance, { attempts }] of state.instances) {
      const [attempt] = attempts;
      if (attempt === undefined) continue;
      const spender = { key: instance, instance: { ...plainInstance, name: instance, group: instance } };
      const so = { spent: attempt.spent, subAgents: attempt.requests?.subAgents ?? {} };
      this.ledger.restore(spender, so, state.lastAt);
      const requests = this.#open(instance);
      requests.takeOver(attempt);
      this.#attempts.set(instance, requests);
    }
  }

  state(): RunState {
    const state = foldRun(this.events);
    if (state === undefined) throw new Error("the book has no first event");
    return state;
  }

  spentOf(instance: string) {
    const { spent, subAgents } = this.#of(instance);
    return { spent, subAgents };
  }

  /** By the log's settlements alone: what was spent against a limit, in its own unit. */
  settledOf({ limit, purse }: Pick<LimitState, "limit" | "purse">): number {
    let sum = 0;
    const askers = new Map<string, string | undefined>();
    for (const event of this.events) {
      if (event.type === "request-reserved") askers.set(`${event.instance}/${event.request}`, event.subAgent);
      if (event.type !== "request-settled") continue;
      const by = askers.get(`${event.instance}/${event.request}`);
      if (limit.scope.kind === "sub_agent" && purse !== `${event.instance}\n${by}`) continue;
      const instance = { ...plainInstance, name: event.instance, group: event.instance };
      if (!limitCovers(limit, instance)) continue;
      if (limit.scope.kind === "window" && event.at <= this.now - limit.scope.windowMs) continue;
      sum += limit.unit === "tokens" ? totalTokens(event.usage) : (event.costUsd ?? 0);
    }
    return sum;
  }

  #of(instance: string): AttemptRequests {
    const requests = this.#attempts.get(instance);
    if (requests === undefined) throw new Error(`no attempt of ${instance}`);
    return requests;
  }

  #open(name: string): AttemptRequests {
    const instance = { ...plainInstance, name, group: name };
    const requests: AttemptRequests = new AttemptRequests({
      reserve: ({ request, subAgent, worst }) => {
        const short = this.ledger.reserve({ key: name, instance, request, subAgent }, worst, this.now);
        if (short === undefined) return { is: "granted" };
        const { limit, used } = short;
        const cause = { kind: "budget", scope: limit.scope, unit: limit.unit, limit: limit.limit, used } as const;
        return { is: "refused", reason: short.why, cause };
      },
      release: (request) => this.ledger.release({ key: name, instance, request }),
      spentChanged: () => void this.ledger.record({ key: name, instance }, requests, this.now),
      append: (event) => this.#append({ ...event, instance: name, attempt: 1 }),
      held: () => undefined,
      isHolding: () => undefined,
      saw: () => undefined,
      refused: () => undefined,
      tripped: () => undefined,
      wall: () => this.now,
      recorded: () => Promise.resolve(),
    });
    return requests;
  }

  #append(event: RunEvent): void {
    this.events.push({ ...event, seq: this.events.length + 1, at: this.now });
  }
}

const noTokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };

function created(limits: readonly BudgetLimit[], names: readonly string[]): RunEvent {
  const id = parseRunId("run_0000000001");
  if (id === undefined) throw new Error("the book's run id is malformed");
  const machine = { platform: "p", node: "n", cores: 1, containment: "none" };
  const plan = planOf(
    names.map((name) => ({ name })),
    { limits },
  );
  return { type: "run-created", id, plan, version: "0", directory: "/", machine };
}
