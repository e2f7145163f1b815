import { EventEmitter } from "node:events";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyRun } from "../../testing/arbitraryRun.ts";
import {
  created,
  limit,
  logged,
  noon,
  planned,
  progressed,
  samplePlan,
  settled,
  spending,
  stateOf,
} from "../../testing/sampleRun.ts";
import { budgetUses, SpendingHistory } from "../budgetUse.ts";
import { asciiGlyphs, unicodeGlyphs } from "../text/glyphs.ts";
import { lineWidth, renderLine } from "../text/line.ts";
import { noPaint } from "../text/paint.ts";
import { liveLines } from "./liveLines.ts";
import { LiveScreen } from "./liveScreen.ts";
import { LiveView } from "./liveView.ts";

function draw(state: ReturnType<typeof stateOf>, columns: number, rows: number, now = noon + 60_000): string[] {
  const uses = budgetUses(state, new SpendingHistory(state.plan.limits), now);
  return liveLines(state, uses, { now, columns, rows, glyphs: unicodeGlyphs }).map((each) => renderLine(each, noPaint));
}

describe("the live view", () => {
  const busy = stateOf([
    created(samplePlan(["review", "tests", "docs"], { limits: [limit()] })),
    { type: "run-started" },
    planned("tests"),
    progressed("tests", 8500, "reading the tests"),
    planned("review"),
    settled("review"),
  ]);

  test("shows what runs first, then what waits, then what is over, with totals and budgets", () => {
    expect(draw(busy, 120, 24)).toEqual([
      "nightly  59s  1 running, 1 waiting, 1 succeeded",
      expect.stringMatching(/^● +running +tests +opus-5-5 +58s +≥8\.5K +≥\$0\.0085 +2 tools +reading the tests$/),
      expect.stringMatching(/^○ +waiting +docs +claude/),
      expect.stringMatching(/^✓ +succeeded +review +opus-5-5/),
      "total  ≥8.5K tokens  ≥$0.0085  2 tool calls  59s",
      expect.stringMatching(/^budget run +[█░│]{24} +85 % +≥8\.5K of 10\.0K tokens +nearly spent$/),
    ]);
  });

  test("folds what does not fit into one line of counts", () => {
    const names = Array.from({ length: 30 }, (_each, at) => `job-${at}`);
    const lines = draw(stateOf([created(samplePlan(names)), { type: "run-started" }, planned("job-7")]), 80, 10);
    expect(lines).toHaveLength(9);
    expect(lines[1]).toMatch(/running +job-7/);
    expect(lines[7]).toBe("+ 24 more: 24 waiting");
  });

  test("tells at 80 columns until when a request waits, before it tells models and tools", () => {
    const text = "the API's rate limit, until 14:02:10";
    const spent = {
      type: "attempt-progressed",
      instance: "review",
      attempt: 1,
      spent: spending(0, 0, { final: false }),
      tools: { Bash: 2 },
      turns: 1,
      events: 1,
      unreadable: 0,
      omitted: 0,
    } as const;
    const waits = { ...spent, activity: [{ kind: "waiting", text }] } as const;
    const names = ["review", "tests"];
    const state = stateOf([
      created(samplePlan(names)),
      { type: "run-started" },
      ...names.map((name) => planned(name)),
      progressed("tests", 8500, "reading the tests"),
      waits,
    ]);
    const [, first] = draw(state, 80, 24);
    expect(first).toMatch(/^◌ +waiting +review +.*the API's rate limit, until 14:02:10$/);
  });

  test("counts the start time down", () => {
    const state = stateOf([created(samplePlan(["a"])), { type: "run-scheduled", until: noon + 3_660_000 }]);
    expect(draw(state, 80, 24, noon)[0]).toContain("starts in 1h1m, at ");
  });

  test("hides the budgets where the plan says so", () => {
    const state = stateOf([
      created(samplePlan(["a"], { limits: [limit()], hideBudgets: true })),
      { type: "run-started" },
    ]);
    expect(draw(state, 80, 24).join("\n")).not.toContain("budget");
  });

  test("fits every screen down to twenty columns, whatever agents say", () => {
    fc.assert(
      fc.property(
        anyRun,
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (events, columns, rows) => {
          const state = stateOf(events);
          const uses = budgetUses(state, new SpendingHistory(state.plan.limits), noon);
          const lines = liveLines(state, uses, { now: noon, columns, rows, glyphs: asciiGlyphs });
          expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
          for (const each of lines) expect(lineWidth(each)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});

class FakeTerminal extends EventEmitter {
  columns: number | undefined = 40;
  rows: number | undefined = 10;
  written: string[] = [];
  write(text: string): void {
    this.written.push(text);
  }
}

describe("the screen", () => {
  test("goes back over the last frame, also when a narrower screen has broken its lines", () => {
    const terminal = new FakeTerminal();
    const screen = new LiveScreen(terminal);
    screen.draw(["one", "x".repeat(40)], ["one", "x".repeat(40)]);
    terminal.columns = 20;
    screen.draw(["two"], ["two"]);
    expect(terminal.written[1]).toContain("\r\u001b[3Atwo");
  });

  test("gives the cursor back once, however often it is ended", () => {
    const terminal = new FakeTerminal();
    const screen = new LiveScreen(terminal);
    screen.draw(["one"], ["one"]);
    screen.end();
    screen.end();
    const shown = terminal.written.join("").split("\u001b[?25h").length - 1;
    expect([terminal.written[0]?.startsWith("\u001b[?25l"), shown]).toEqual([true, 1]);
  });

  test("writes nothing after its end, and draws nothing that is already there", () => {
    const terminal = new FakeTerminal();
    let now = noon;
    const view = new LiveView({ terminal, paint: noPaint, glyphs: unicodeGlyphs, now: () => now });
    const [first, ...rest] = logged([created(samplePlan(["a"])), { type: "run-started" }]);
    if (first === undefined) throw new Error("no event");
    view.show([first]);
    now += 200;
    view.show([]);
    expect(terminal.written).toHaveLength(1);
    view.end();
    const before = terminal.written.length;
    view.show(rest);
    expect(terminal.written).toHaveLength(before);
    expect(terminal.listenerCount("resize")).toBe(0);
  });
});
