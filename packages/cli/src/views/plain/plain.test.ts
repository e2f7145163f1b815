import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunEvent } from "@claude-orchestrator/domain";
import { anyRun } from "../../testing/arbitraryRun.ts";
import {
  created,
  ended,
  logged,
  noon,
  planned,
  progressed,
  runSettled,
  samplePlan,
  settled,
  spending,
} from "../../testing/sampleRun.ts";
import { unicodeGlyphs } from "../text/glyphs.ts";
import { noPaint } from "../text/paint.ts";
import { PlainView } from "./plainView.ts";

function print(events: readonly RunEvent[], verbose = false): readonly string[] {
  let text = "";
  const view = new PlainView({ verbose, glyphs: unicodeGlyphs, endFollows: true }, noPaint, (more) => (text += more));
  view.show(logged(events));
  return text.split("\n").slice(0, -1);
}

describe("the plain view", () => {
  const run: readonly RunEvent[] = [
    created(samplePlan(["review"])),
    { type: "run-started" },
    planned("review"),
    { type: "attempt-started", instance: "review", attempt: 1, process: { pid: 42, startTime: "1", bootId: "b" } },
    progressed("review", 1000, "reading\nthe code"),
    {
      type: "retry-scheduled",
      instance: "review",
      attempt: 2,
      until: noon + 35_000,
      reason: "overloaded",
      resume: true,
    },
    ended("review"),
    settled("review"),
    runSettled(),
  ];

  test("says one line per change of state", () => {
    expect(print(run)).toEqual([
      expect.stringMatching(/^ {3}0\.0s {2}nightly {2}is run_\w{10}: 1 instance, at most 4 at once$/),
      "   0.0s  nightly  files in /tmp/runs/run_1",
      "   1.0s  nightly  started",
      "   2.0s  review  started (claude, opus-5-5)",
      "   5.0s  review  attempt 2 in 30s, continuing its session: overloaded",
      "   7.0s  review  ✓ succeeded (4.0s, 1.5K tokens, $0.2500)",
      "   8.0s  nightly  succeeded after 5.0s",
    ]);
  });

  test("shows what a replay asked and its cassette has not line under line", () => {
    const reason = "it is not on the cassette (- recorded, + asked now):\n-    text: a\n+    text: b";
    const failed = settled("a", { verdict: "failed", reason });
    const begun = [created(samplePlan(["a"])), planned("a"), ended("a", { verdict: "failed", reason }), failed];
    const [first, ...others] = begun;
    const replayed = [{ ...first, replay: "/cassette" } as RunEvent, ...others];
    expect(print(replayed).slice(-3)).toEqual([
      expect.stringContaining("is not on the cassette (- recorded, + asked now):"),
      "           -    text: a",
      "           +    text: b",
    ]);
    expect(print(begun).at(-1)).toContain("asked now): -    text: a +    text: b");
  });

  test("counts the time of its attempts, not what lay between an end and the wish to have it again", () => {
    const again: RunEvent = { type: "run-reopened", instances: ["review"] };
    const idle = Array.from({ length: 100 }, (): RunEvent => ({ type: "run-unpaused" }));
    const second = [
      { ...planned("review"), attempt: 2 } as RunEvent,
      { ...ended("review"), attempt: 2 } as RunEvent,
      settled("review"),
    ];
    const lines = print([...run, ...idle, again, ...second]);
    expect(lines.at(-1)).toMatch(/ {2}review {2}✓ succeeded \(5\.0s, /);
  });

  test.each([
    [0, "at once"],
    [100, "in 0.1s"],
    [1_100, "in 1.1s"],
    [9_940, "in 10s"],
    [10_001, "in 11s"],
    [90_000, "in 1m30s"],
  ])("says that a wait of %d ms is over %s", (wait, words) => {
    const retry = { type: "retry-scheduled", instance: "a", attempt: 2, reason: "overloaded", resume: false } as const;
    const lines = print([created(samplePlan(["a"])), planned("a"), { ...retry, until: noon + 2000 + wait }]);
    expect(lines.at(-1)).toBe(`   2.0s  a  attempt 2 ${words}: overloaded`);
  });

  test("marks the tokens of an agent that never told its totals", () => {
    const spent = spending(1500, 0.25, { final: false });
    const lines = print([created(samplePlan(["a"])), planned("a"), ended("a", { spent }), settled("a")]);
    expect(lines.at(-1)).toContain("≥1.5K tokens, ≥$0.2500");
  });

  test("adds what agents say and do with --verbose", () => {
    expect(print(run, true)).toContain("   4.0s  review  says: reading the code");
    expect(print(run, true)).toContain("   3.0s  review  process 42");
  });

  test("says nothing of an event it has never heard of", () => {
    const unheard = { type: "from-the-future", instance: "review" } as unknown as RunEvent;
    expect(print([created(samplePlan(["review"])), unheard])).toHaveLength(2);
  });

  test("never lets an agent's text add a line or a control character", () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        for (const each of print(events, true)) expect(each).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
