import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BudgetLimit } from "@claude-orchestrator/domain";
import type { SharedAmount, SharedStanding } from "@claude-orchestrator/engine/ports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acquireRunLock, openSpendingLedger, spendingLedgerName } from "../index.ts";
import type { RunLock, SpendingLedger } from "../index.ts";
import { runProgram } from "../testing/childProcess.ts";
import { temporaryDirectory } from "../testing/temporaryDirectory.ts";

const daily = (limit: number): BudgetLimit => ({ scope: { kind: "day" }, unit: "tokens", limit, enforcement: "block" });

/** The supervisor of a run as the ledger sees one: its lock, what its log knows, and a ledger of its own. */
class Supervisor {
  readonly #name: string;
  readonly #folder: string;
  readonly #wall: () => number;
  #lock: RunLock | undefined;
  #ledger: SpendingLedger;
  #last = 0;
  spent = 0;
  readonly open = new Map<number, number>();

  constructor(folder: string, name: string, wall: () => number) {
    [this.#folder, this.#name, this.#wall] = [folder, name, wall];
    mkdirSync(this.#directory);
    this.#lock = acquireRunLock(this.#directory);
    this.#ledger = this.#openLedger();
  }

  ask(tokens: number, limits: readonly BudgetLimit[]): boolean {
    const request = { attempt: "a#1", request: this.#last + 1 };
    const fits = ({ limit, used, reserved }: SharedStanding): boolean => used + reserved + tokens <= limit.limit;
    const refusal = this.#ledger.reserve(request, amount(tokens), limits, (standing) =>
      standing.every(fits) ? undefined : true,
    );
    if (refusal !== undefined) return false;
    this.#last += 1;
    this.open.set(this.#last, tokens);
    return true;
  }

  settle(request: number, tokens: number): void {
    this.open.delete(request);
    this.spent += tokens;
    this.#ledger.record("a#1", amount(this.spent));
    this.#ledger.release({ attempt: "a#1", request });
  }

  kill(): void {
    this.#ledger.close();
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** As another supervisor takes a run up: what was under way is charged with all that was set aside. */
  takeUp(): void {
    this.#lock = acquireRunLock(this.#directory);
    this.#ledger = this.#openLedger();
    const lost = [...this.open];
    this.#ledger.record("a#1", amount(lost.reduce((sum, [, tokens]) => sum + tokens, this.spent)));
    this.#ledger.keepOnly(lost.map(([request]) => ({ attempt: "a#1", request })));
    for (const [request, tokens] of lost) this.settle(request, tokens);
  }

  standing(limits: readonly BudgetLimit[]): readonly SharedStanding[] {
    return this.#ledger.standing(limits);
  }

  get isAtWork(): boolean {
    return this.#lock !== undefined;
  }

  get #directory(): string {
    return join(this.#folder, this.#name);
  }

  #openLedger(): SpendingLedger {
    const options = { run: this.#name, directory: this.#directory, wall: this.#wall, zone: "UTC" };
    return openSpendingLedger(this.#folder, options);
  }
}

function amount(tokens: number): SharedAmount {
  return { tokens, costUsd: tokens / 100 };
}

const tokens = fc.integer({ min: 1, max: 60 });
const who = fc.constantFrom(0, 1);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("ask" as const), who, tokens }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      who,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("takeUp" as const), who }) },
);

type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

function play(each: Step, supervisor: Supervisor, limits: readonly BudgetLimit[]): void {
  const [under] = supervisor.open;
  if (each.do === "takeUp" && !supervisor.isAtWork) supervisor.takeUp();
  if (!supervisor.isAtWork) return;
  if (each.do === "ask") supervisor.ask(each.tokens, limits);
  if (each.do === "settle" && under !== undefined) supervisor.settle(under[0], Math.floor(under[1] * each.share));
  if (each.do === "kill") supervisor.kill();
}

/** Spent and set aside, as one of those at work sees it. */
function takenOf(all: readonly Supervisor[], limits: readonly BudgetLimit[]): number {
  const [standing] = all.find(({ isAtWork }) => isAtWork)?.standing(limits) ?? [];
  return standing === undefined ? 0 : standing.used + standing.reserved;
}

/** Comes to its end, under another supervisor where its own is gone. */
function finish(supervisor: Supervisor): void {
  if (!supervisor.isAtWork) supervisor.takeUp();
  for (const [request, worst] of supervisor.open) supervisor.settle(request, worst);
}

describe("what all runs of a person spend", () => {
  test("never exceeds a limit, whoever is killed and taken up when, and each request counts once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.array(step, { maxLength: 40 }), (most, steps) => {
        using folder = temporaryDirectory();
        const limits = [daily(most)];
        const both = ["one", "two"].map((name) => new Supervisor(folder.path, name, () => 5_000_000));
        for (const each of steps) {
          const supervisor = both[each.who];
          if (supervisor !== undefined) play(each, supervisor, limits);
          expect(takenOf(both, limits)).toBeLessThanOrEqual(most);
        }
        for (const supervisor of both) finish(supervisor);
        const spent = both.reduce((sum, supervisor) => sum + supervisor.spent, 0);
        expect(both[0]?.standing(limits)).toEqual([{ limit: limits[0], used: spent, reserved: 0 }]);
        for (const supervisor of both) supervisor.kill();
      }),
      { numRuns: 250 },
    );
  });

  test("is held by real programs at once to the last token", async () => {
    using folder = temporaryDirectory();
    const children = ["a", "b", "c"].map((name) => {
      mkdirSync(join(folder.path, name));
      return runProgram("spendProcess.ts", [folder.path, join(folder.path, name), "150"]);
    });
    const granted = await Promise.all(children.map(async ({ output }) => Number(await output)));
    expect(granted.reduce((sum, each) => sum + each, 0)).toBe(150);
  });

  test("of one that was killed counts with all it had set aside, until its run is taken up and says what it was", () => {
    using folder = temporaryDirectory();
    const limits = [daily(100)];
    const [killed, other] = [
      new Supervisor(folder.path, "killed", () => 0),
      new Supervisor(folder.path, "other", () => 0),
    ];
    killed.ask(90, limits);
    expect(other.ask(20, limits)).toBe(false);
    killed.kill();
    expect(other.ask(20, limits)).toBe(false);
    expect(other.standing(limits)).toMatchObject([{ used: 90, reserved: 0 }]);
    // Its log has it that nothing of it was sent.
    killed.open.clear();
    killed.takeUp();
    expect(other.ask(20, limits)).toBe(true);
    expect(other.standing(limits)).toMatchObject([{ used: 0, reserved: 20 }]);
    killed.kill();
    other.kill();
  });
});

test("a day ends at its midnight, and a window forgets what is older than it, no sooner", () => {
  using folder = temporaryDirectory();
  mkdirSync(join(folder.path, "run"));
  let now = Date.parse("2026-11-25T22:59:00Z");
  const options = { run: "r", directory: join(folder.path, "run"), wall: () => now, zone: "Europe/Rome" };
  const ledger = openSpendingLedger(folder.path, options);
  const window: BudgetLimit = { ...daily(100), scope: { kind: "machine", windowMs: 3_600_000 } };
  const used = () => ledger.standing([daily(100), window]).map((each) => each.used);
  ledger.record("a#1", amount(80));
  expect([used(), ledger.freesIn(daily(100), 0)]).toEqual([[80, 80], 60_000]);
  now += 60_000;
  expect(used()).toEqual([0, 80]);
  const wait = ledger.freesIn(window, 30) ?? 0;
  now += wait - 1;
  expect(used()).toEqual([0, 80]);
  now += 1;
  expect(used()).toEqual([0, 0]);
  expect(now).toBeGreaterThanOrEqual(Date.parse("2026-11-25T23:59:00Z"));
  ledger.close();
});

test("the file is its owner's alone, and one that is no ledger is refused with what to do", () => {
  using folder = temporaryDirectory();
  const options = { run: "r", directory: folder.path, wall: () => 0, zone: "UTC" };
  openSpendingLedger(folder.path, options).close();
  const path = join(folder.path, spendingLedgerName);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, "no database, however long it may be".repeat(200));
  expect(() => openSpendingLedger(folder.path, options)).toThrow(
    expect.objectContaining({ code: "log-not-usable", hint: expect.stringContaining("move the file away") }),
  );
});
