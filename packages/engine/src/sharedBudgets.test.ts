import { foldRun } from "@claude-orchestrator/domain";
import type { BudgetLimit, RunEvent } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { BudgetGuard } from "./budgetGuard.ts";
import type { SharedAmount, SharedLedger, SharedStanding } from "./ports.ts";
import { SharedBudgets } from "./sharedBudgets.ts";
import { RequestBook } from "./testing/requestBook.ts";
import { planOf, simulate } from "./testing/simulation.ts";

const day = (limit: number): BudgetLimit => ({ scope: { kind: "day" }, unit: "tokens", limit, enforcement: "block" });

/** In memory; while it is broken every call throws, as a file does that cannot be read. */
class Book implements SharedLedger {
  isBroken = false;
  readonly #spent = new Map<string, number>();
  readonly #reserved = new Map<string, number>();

  record(attempt: string, { tokens }: SharedAmount): void {
    this.#ask();
    this.#spent.set(attempt, tokens);
  }

  reserve<Refusal>(
    { attempt, request }: { readonly attempt: string; readonly request: number },
    { tokens }: SharedAmount,
    limits: readonly BudgetLimit[],
    refuse: (standing: readonly SharedStanding[]) => Refusal | undefined,
  ): Refusal | undefined {
    const refusal = refuse(this.standing(limits));
    if (refusal === undefined) this.#reserved.set(`${attempt}/${request}`, tokens);
    return refusal;
  }

  release({ attempt, request }: { readonly attempt: string; readonly request: number }): void {
    this.#ask();
    this.#reserved.delete(`${attempt}/${request}`);
  }

  keepOnly(requests: readonly { readonly attempt: string; readonly request: number }[]): void {
    this.#ask();
    const kept = new Set(requests.map(({ attempt, request }) => `${attempt}/${request}`));
    for (const key of this.#reserved.keys()) if (!kept.has(key)) this.#reserved.delete(key);
  }

  standing(limits: readonly BudgetLimit[]): readonly SharedStanding[] {
    this.#ask();
    const [used, reserved] = [this.#spent, this.#reserved].map((each) => [...each.values()].reduce((a, b) => a + b, 0));
    return limits.map((limit) => ({ limit, used: used ?? 0, reserved: reserved ?? 0 }));
  }

  freesIn(): undefined {
    this.#ask();
    return undefined;
  }

  #ask(): void {
    if (this.isBroken) throw new Error("disk I/O error");
  }
}

const spent = (input: number) =>
  ({
    byModel: {},
    usage: { input, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 },
    costSource: "none",
    final: true,
  }) as const;

test("a ledger that cannot be used refuses what it should have had a word on, and hears later what it missed", () => {
  const book = new Book();
  const budgets = new SharedBudgets([day(100)], book);
  book.isBroken = true;
  expect(budgets.record("a#1", spent(90))).toEqual([]);
  const request = { attempt: "a#1", request: 1 };
  expect(budgets.reserve(request, { tokens: 5 })).toMatchObject({ unusable: "disk I/O error" });
  expect(budgets.spent()).toMatchObject({ unusable: "disk I/O error" });
  book.isBroken = false;
  expect(budgets.reserve(request, { tokens: 20 })).toMatchObject({ why: "spent", used: 90 });
  expect(budgets.reserve(request, { tokens: 5 })).toBeUndefined();
  book.isBroken = true;
  budgets.record("a#1", spent(93));
  budgets.release(request);
  book.isBroken = false;
  expect(budgets.reserve({ attempt: "a#1", request: 2 }, { tokens: 6 })).toBeUndefined();
  expect(book.standing([day(100)])).toMatchObject([{ used: 93, reserved: 6 }]);
});

test("what all runs have spent of it is told at the first look, when it has changed notably, and at an attempt's end", () => {
  const book = new Book();
  const budgets = new SharedBudgets([day(1000)], book);
  const told: unknown[] = [];
  const spend = (amount: number, now: number, isLast = false): void => {
    budgets.record("a#1", spent(amount));
    told.push(...budgets.news(now, isLast));
  };
  const seen = (used: number, ofRun: number) => ({ scope: { kind: "day" }, unit: "tokens", used, ofRun });
  book.record("other#1", { tokens: 100, costUsd: 0 });
  spend(5, 0);
  spend(50, 1);
  book.record("other#1", { tokens: 109, costUsd: 0 });
  spend(60, 2);
  expect(told).toEqual([seen(105, 5)]);
  book.record("other#1", { tokens: 110, costUsd: 0 });
  spend(70, 3);
  expect(told.at(-1)).toEqual(seen(180, 70));
  book.record("other#1", { tokens: 111, costUsd: 0 });
  spend(71, 4, true);
  expect(told.slice(2)).toEqual([seen(182, 71)]);
});

test("whoever takes a run up charges what was under way, and frees what its log never granted", () => {
  const log = new RequestBook([]);
  log.ask("a", { tokens: 90, costUsd: 0 });
  log.ask("a", { tokens: 50, costUsd: 0 });
  log.settle("a", 2, { tokens: 5, costUsd: 0 });
  const book = new Book();
  for (const request of [1, 3])
    book.reserve({ attempt: "a#1", request }, { tokens: 90, costUsd: 0 }, [], () => undefined);
  const guard = new BudgetGuard(
    [day(100)],
    () => undefined,
    () => 0,
    book,
  );
  guard.restore(log.state(), [day(100)], 0);
  expect(book.standing([day(100)])).toMatchObject([{ used: 95, reserved: 90 }]);
});

test("without a ledger nothing starts under a budget of the day, and without such a budget nothing is refused", async () => {
  const refused = simulate(planOf([{ name: "a" }], { limits: [day(100)] }));
  expect(await refused.finish()).toEqual({ exitCode: 3 });
  expect(foldRun(refused.log.events)?.instances.get("a")?.phase).toMatchObject({
    reason: expect.stringContaining("the ledger of all runs cannot be used"),
  });
  const book = new Book();
  book.isBroken = true;
  const free = new SharedBudgets([], book);
  expect([free.spent(), free.reserve({ attempt: "a#1", request: 1 }, { tokens: 5 })]).toEqual([undefined, undefined]);
});

test("a run under a budget of the day tells in its log where that stands, from its first start on", () => {
  const book = new Book();
  book.record("other#1", { tokens: 40, costUsd: 0 });
  const told: RunEvent[] = [];
  const guard = new BudgetGuard(
    [day(100)],
    (event) => void told.push(event),
    () => 0,
    book,
  );
  const [instance] = planOf([{ name: "a" }]).instances;
  if (instance === undefined) throw new Error("the plan has an instance");
  expect([guard.admit(instance, []), guard.admit(instance, [])]).toEqual([{ is: "free" }, { is: "free" }]);
  expect(told).toEqual([{ type: "budget-observed", scope: { kind: "day" }, unit: "tokens", used: 40, ofRun: 0 }]);
});
