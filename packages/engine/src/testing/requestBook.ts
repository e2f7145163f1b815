import { foldRun, limitCovers, parseRunId, totalTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, LoggedEvent, RequestAmount, RunEvent, RunState } from "@claude-orchestrator/domain";
import { AttemptRequests } from "../attemptRequests.ts";
import { Ledger } from "../ledger.ts";
import type { RequestAnswer } from "../ports.ts";
import { plainInstance, planOf } from "./simulation.ts";

/** Attempts whose requests are decided on by one ledger and kept in a log, as a run has them, without processes or gateway. */
export class RequestBook {
  readonly limits: readonly BudgetLimit[];
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

  ask(instance: string, worst: RequestAmount, final = true, unpriced?: string): RequestAnswer {
    return this.#of(instance).ask({ model: "m", worst, final, ...(unpriced === undefined ? {} : { unpriced }) });
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
      this.ledger.restore(spender, attempt.spent, state.lastAt);
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
    return this.#of(instance).spent;
  }

  /** By the log's settlements alone: what was spent against a limit, in its own unit. */
  settledOf({ limit }: { readonly limit: BudgetLimit }): number {
    let sum = 0;
    for (const event of this.events) {
      if (event.type !== "request-settled") continue;
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
      reserve: (request, worst) => {
        const short = this.ledger.reserve({ key: `${name}/${request}`, instance }, worst, this.now);
        if (short === undefined) return { is: "granted" };
        const { limit, used } = short;
        const cause = { kind: "budget", scope: limit.scope, unit: limit.unit, limit: limit.limit, used } as const;
        return { is: "refused", reason: short.why, cause };
      },
      release: (request) => this.ledger.release(`${name}/${request}`),
      spentChanged: () => void this.ledger.record({ key: name, instance }, requests.spent, this.now),
      append: (event) => this.#append({ ...event, instance: name, attempt: 1 }),
      held: () => undefined,
      saw: () => undefined,
      refused: () => undefined,
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
