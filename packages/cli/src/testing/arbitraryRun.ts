import * as fc from "fast-check";
import { verdicts } from "@claude-orchestrator/domain";
import type { BudgetLimit, RunEvent } from "@claude-orchestrator/domain";
import { created, ended, limit, planned, progressed, runSettled, samplePlan, settled, spending } from "./sampleRun.ts";

/** What agents and files may contain at worst: escapes, controls, wide and combining characters, direction overrides. */
export const nastyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b[31mred\u001b[0m",
        "\u001b]0;title\u0007",
        "\u001b[2J",
        "\r\n",
        "\t",
        "\u0000",
        "\u009b5A",
      ),
      fc.constantFrom(
        "日本語",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "e\u0301",
        "\u202eevil",
        "\ud800",
        "ｆｕｌｌ",
        "1️⃣",
        "❤️",
        "|",
        "```",
        "&<>\"'",
      ),
      fc.lorem({ maxCount: 4 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const anyLimit: fc.Arbitrary<BudgetLimit> = fc
  .record({
    scope: fc.oneof(
      fc.constant({ kind: "run" } as const),
      nastyText.map((command) => ({ kind: "command", command }) as const),
      fc.integer({ min: 1, max: 1e9 }).map((windowMs) => ({ kind: "window", windowMs }) as const),
    ),
    unit: fc.constantFrom("tokens", "cost_usd"),
    limit: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
    enforcement: fc.constantFrom("warn", "block", "pause"),
  })
  .map((changes) => limit(changes));

const amount = fc.nat({ max: 10_000_000 });

function instanceEvents(name: string): fc.Arbitrary<readonly RunEvent[]> {
  const progress = fc.tuple(amount, nastyText).map(([tokens, text]) => progressed(name, tokens, text));
  const waits = fc.record({
    kind: fc.constantFrom("instance-held", "retry-scheduled"),
    until: fc.integer({ min: 0, max: 8e15 }),
    reason: nastyText,
  });
  const wait = waits.map(({ kind, until, reason }): RunEvent =>
    kind === "instance-held"
      ? { type: kind, instance: name, until, reason }
      : { type: kind, instance: name, attempt: 2, until, reason, resume: false },
  );
  const end = fc
    .record({
      verdict: fc.constantFrom(...verdicts),
      reason: nastyText,
      result: nastyText,
      lastLines: fc.array(nastyText, { maxLength: 3 }),
      cost: fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: undefined }),
    })
    .map(({ cost, ...changes }) => ended(name, { ...changes, spent: spending(1234, cost, { final: cost !== 0 }) }));
  const settle = fc
    .record({ verdict: fc.constantFrom(...verdicts), reason: nastyText })
    .map((changes) => settled(name, changes));
  return fc
    .record({ progress: fc.array(progress, { maxLength: 3 }), wait: fc.option(wait), end, settle })
    .chain((parts) => {
      const all = [
        planned(name),
        ...parts.progress,
        parts.end,
        ...(parts.wait === null ? [] : [parts.wait]),
        parts.settle,
      ];
      return fc.nat({ max: all.length }).map((length) => all.slice(0, length));
    });
}

/** Beginnings of runs, some of them settled, with nasty text wherever text may stand. */
export const anyRun: fc.Arbitrary<readonly RunEvent[]> = fc
  .record({
    names: fc.uniqueArray(nastyText, { minLength: 1, maxLength: 8 }),
    limits: fc.array(anyLimit, { maxLength: 4 }),
    name: nastyText,
    isSettled: fc.boolean(),
  })
  .chain(({ names, limits, name, isSettled }) =>
    fc
      .tuple(...names.map(instanceEvents))
      .map((instances) => [
        created(samplePlan(names, { limits, name })),
        { type: "run-started" } as const,
        ...instances.flat(),
        ...(isSettled ? [runSettled()] : []),
      ]),
  );
