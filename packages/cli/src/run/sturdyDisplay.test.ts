import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { Channel } from "../io/channel.ts";
import { paintFor } from "../views/text/paint.ts";
import type { Display } from "./display.ts";
import { sturdyDisplay } from "./sturdyDisplay.ts";

test("R38: a view that throws is told of once and is gone; what is printed afterwards still arrives", () => {
  const paper = new PassThrough();
  const talk = new Channel(paper, paintFor({ env: {}, isTTY: false, flag: true }));
  const shown: number[] = [];
  let ends = 0;
  const view: Display = {
    show: (events) => {
      if (events.length === 0) throw new Error("nothing to show");
      shown.push(events.length);
    },
    recall: () => undefined,
    print: () => {
      throw new Error("nobody prints through a broken view");
    },
    notice: () => undefined,
    end: () => void (ends += 1),
  };
  const display = sturdyDisplay(view, talk);
  const events = [{ seq: 1, at: 0, type: "run-started" } as const];
  display.show(events);
  display.show([]);
  display.show(events);
  display.notice("a notice");
  display.print("a line\n");
  display.end();
  expect(shown).toEqual([1]);
  expect(ends).toBe(1);
  expect(String(paper.read())).toBe("warning: this view has failed and shows nothing more: nothing to show\na line\n");
});
