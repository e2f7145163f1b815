import { isDeepStrictEqual } from "node:util";
import { isSameLimit, limitCovers } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RequestBook } from "./testing/requestBook.ts";
import { plainInstance } from "./testing/simulation.ts";

const scope: fc.Arbitrary<BudgetScope> = fc.oneof(
  fc.constant({ kind: "run" } as const),
  fc.constantFrom("a", "b", "c").map((instance) => ({ kind: "instance", instance }) as const),
  fc.constantFrom("a", "b").map((instance) => ({ kind: "attempt", instance }) as const),
  fc.constantFrom("a", "b").map((instance) => ({ kind: "sub_agent", instance }) as const),
  fc.integer({ min: 10, max: 500 }).map((windowMs) => ({ kind: "window", windowMs }) as const),
);

const anyLimit: fc.Arbitrary<BudgetLimit> = fc.record({
  scope,
  unit: fc.constantFrom("tokens", "cost_usd"),
  limit: fc.integer({ min: 1, max: 400 }),
  enforcement: fc.constantFrom("block", "block", "pause", "warn"),
});

/** No two that a person would call the same one. */
const limits = fc.uniqueArray(anyLimit, { maxLength: 4, comparator: isSameLimit });

const who = fc.constantFrom("a", "b", "c");
const amount = fc.record({
  tokens: fc.integer({ min: 0, max: 150 }),
  costUsd: fc.double({ min: 0, max: 150, noNaN: true }),
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("ask" as const),
      instance: who,
      subAgent: fc.constantFrom(undefined, undefined, "x", "y"),
      worst: amount,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      pick: fc.nat(50),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      twice: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("set" as const), limit: anyLimit }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("change" as const),
      pick: fc.nat(3),
      to: fc.integer({ min: 1, max: 400 }),
    }),
  },
);

interface Open {
  readonly instance: string;
  readonly request: number;
  readonly worst: { readonly tokens: number; readonly costUsd: number };
}

type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

function isOfAPerson(each: Step): boolean {
  return each.do === "set" || each.do === "change";
}

/** Plays one step and gives the requests under way after it. */
function play(book: RequestBook, each: Step, open: readonly Open[]): readonly Open[] {
  switch (each.do) {
    case "ask": {
      const { subAgent } = each;
      const answer = book.ask(each.instance, each.worst, subAgent === undefined ? {} : { subAgent });
      if (answer.is !== "granted") return open;
      // Whatever the limits were before: this one fits those there are now.
      if (overshot(book, each.instance, subAgent).length > 0)
        throw new Error("a request that does not fit was granted");
      return [...open, { instance: each.instance, request: answer.request, worst: each.worst }];
    }
    case "settle": {
      const chosen = open[each.pick % Math.max(1, open.length)];
      if (chosen === undefined) return open;
      const { tokens, costUsd } = chosen.worst;
      const cost = { tokens: Math.floor(tokens * each.share), costUsd: costUsd * each.share };
      book.settle(chosen.instance, chosen.request, cost);
      if (each.twice) book.settle(chosen.instance, chosen.request, cost);
      return open.filter((other) => other !== chosen);
    }
    case "wait":
      book.now += each.ms;
      return open;
    case "crash":
      book.crash();
      return [];
    case "set":
      // A window that was not there when money was spent does not know when it was.
      if (each.limit.scope.kind !== "window") book.set(each.limit);
      return open;
    case "change": {
      const chosen = book.limits[each.pick % Math.max(1, book.limits.length)];
      if (chosen !== undefined) book.set({ ...chosen, limit: each.to });
      return open;
    }
  }
}

function standingOf(book: RequestBook) {
  return book.ledger.standing(book.now).map((state) => {
    // A window that was taken over may take older spending to be of late: what it really held is in the log.
    const spent = state.limit.scope.kind === "window" ? book.settledOf(state) : state.used;
    const isOver = state.limit.enforcement !== "warn" && spent + state.reserved > state.limit.limit * (1 + 1e-6);
    return { ...state, isOver };
  });
}

/** Limits that hold, cover a request of this instance, and have more spent and set aside than their amount. */
function overshot(book: RequestBook, name: string, subAgent?: string): readonly unknown[] {
  const instance = { ...plainInstance, name, group: name };
  return standingOf(book).filter(({ limit: each, purse, isOver }) => {
    const isAsked = purse === "" || purse === name || purse === `${name}\n${subAgent}`;
    return isOver && isAsked && limitCovers(each, instance);
  });
}

/** What must hold after every step and does not: nothing. `mayBeOver`: an amount has been lowered. */
function wrongs(book: RequestBook, open: readonly Open[], mayBeOver: boolean): readonly unknown[] {
  const state = book.state();
  const accounts = standingOf(book).filter((account) => {
    const leaks = open.length === 0 && account.reserved !== 0;
    const differs = account.limit.scope.kind !== "window" && Math.abs(account.used - book.settledOf(account)) > 1e-6;
    return (account.isOver && !mayBeOver) || leaks || differs;
  });
  const attempts = book.names.filter((name) => {
    const attempt = state.instances.get(name)?.attempts[0];
    const underWay = open.filter(({ instance }) => instance === name).map(({ request }) => request);
    const inLog = Object.keys(attempt?.requests?.open ?? {}).map(Number);
    // Replaying the log gives what memory has.
    return (
      !isDeepStrictEqual({ spent: attempt?.spent, subAgents: attempt?.requests?.subAgents }, book.spentOf(name)) ||
      !isDeepStrictEqual(
        inLog,
        underWay.toSorted((a, b) => a - b),
      )
    );
  });
  return [...accounts, ...attempts];
}

/** Of each request the log has one intent and at most one end, in this order. */
function checkLog(book: RequestBook): void {
  const reserved = new Set<string>();
  const settled = new Set<string>();
  for (const event of book.events) {
    if (event.type !== "request-reserved" && event.type !== "request-settled") continue;
    const key = `${event.instance}/${event.request}`;
    const isFirst = event.type === "request-reserved" ? !reserved.has(key) : reserved.has(key) && !settled.has(key);
    expect([event.type, key, isFirst]).toEqual([event.type, key, true]);
    (event.type === "request-reserved" ? reserved : settled).add(key);
  }
}

describe("requests that are set aside before they are sent", () => {
  test("never exceed a limit that holds, never leak, settle once, and are in the log as in memory: 10,000 runs", () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 25 }), (given, steps) => {
        const book = new RequestBook(given);
        let open: readonly Open[] = [];
        const mayBeOver = steps.some(isOfAPerson);
        for (const each of steps) open = play(book, each, open);
        expect(wrongs(book, open, mayBeOver)).toEqual([]);
        for (const { instance, request, worst } of open) book.settle(instance, request, worst);
        expect(wrongs(book, [], mayBeOver)).toEqual([]);
        expect(book.state().plan.limits).toEqual(book.limits);
        checkLog(book);
      }),
      { numRuns: 10_000 },
    );
  });

  test("hold to all of it after every single step", () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 40 }), (given, steps) => {
        const book = new RequestBook(given);
        let open: readonly Open[] = [];
        const mayBeOver = steps.some(isOfAPerson);
        for (const each of steps) {
          open = play(book, each, open);
          expect(wrongs(book, open, mayBeOver)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const runLimit = (limit: number, enforcement: BudgetLimit["enforcement"] = "block"): BudgetLimit => ({
  scope: { kind: "run" },
  unit: "cost_usd",
  limit,
  enforcement,
});

describe("a request", () => {
  test("is refused where two at once would not fit, and fits once the first has settled for less", () => {
    const book = new RequestBook([runLimit(1)]);
    const worst = { tokens: 10, costUsd: 0.6 };
    expect(book.ask("a", worst)).toEqual({ is: "granted", request: 1 });
    expect(book.ask("b", worst)).toEqual({ is: "refused", reason: "reserved" });
    book.settle("a", 1, { tokens: 1, costUsd: 0.01 });
    expect(book.ask("b", worst)).toEqual({ is: "granted", request: 1 });
  });

  test("whose price nobody knows is refused under a budget in dollars, and let through under one in tokens", () => {
    const unpriced = { tokens: 10 };
    expect(new RequestBook([runLimit(1)]).ask("a", unpriced)).toEqual({ is: "refused", reason: "unpriced" });
    expect(new RequestBook([{ ...runLimit(10), unit: "tokens" }]).ask("a", unpriced).is).toBe("granted");
    expect(new RequestBook([runLimit(1, "warn")]).ask("a", unpriced).is).toBe("granted");
  });

  test("that is refused for want of a price says what has none", () => {
    const book = new RequestBook([runLimit(1)]);
    book.ask("a", { tokens: 10 }, { unpriced: "a search" });
    expect(book.events.at(-1)).toMatchObject({ type: "request-refused", reason: "unpriced: it asks for a search" });
  });

  test("under way when the supervisor is gone counts as all that was set aside for it", () => {
    const book = new RequestBook([runLimit(1)]);
    book.ask("a", { tokens: 10, costUsd: 0.6 });
    book.crash();
    expect(book.spentOf("a").spent).toMatchObject({ costUsd: 0.6, final: false });
    expect(book.events.at(-1)).toMatchObject({
      type: "request-settled",
      model: "m",
      outcome: "lost",
      counted: "assumed",
    });
    expect(book.ask("b", { tokens: 1, costUsd: 0.5 })).toEqual({ is: "refused", reason: "spent" });
  });

  test("is counted for the sub-agent that asked, and a limit of each sub-agent holds for each by itself", () => {
    const each: BudgetLimit = { ...runLimit(1), scope: { kind: "sub_agent", instance: "a" } };
    const book = new RequestBook([each]);
    const worst = { tokens: 10, costUsd: 0.8 };
    expect(book.ask("a", worst, { subAgent: "x" })).toEqual({ is: "granted", request: 1 });
    book.settle("a", 1, { tokens: 5, costUsd: 0.7 });
    expect(book.ask("a", worst, { subAgent: "x" })).toEqual({ is: "refused", reason: "spent" });
    expect(book.ask("a", worst, { subAgent: "y" }).is).toBe("granted");
    expect(book.ask("a", { tokens: 10, costUsd: 9 }).is).toBe("granted");
    const { subAgents } = book.state().instances.get("a")?.attempts[0]?.requests ?? {};
    expect(subAgents).toMatchObject({
      x: { requests: 1, spent: { costUsd: 0.7, usage: { input: 5 } } },
      y: { requests: 1, spent: { costUsd: 0 } },
    });
  });

  test("has room once a person has set a larger amount, and none under a limit that was not there before", () => {
    const book = new RequestBook([runLimit(1)]);
    const worst = { tokens: 10, costUsd: 0.6 };
    book.ask("a", worst);
    book.settle("a", 1, worst);
    expect(book.ask("a", worst).is).toBe("refused");
    book.set(runLimit(2));
    expect(book.ask("a", worst).is).toBe("granted");
    book.set({ ...runLimit(1), scope: { kind: "instance", instance: "a" } });
    expect(book.ask("a", { tokens: 1, costUsd: 0.1 })).toEqual({ is: "refused", reason: "reserved" });
  });
});
