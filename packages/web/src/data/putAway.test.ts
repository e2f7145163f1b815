import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { awayNow, readPutAway, waiting, withPutAway } from "./putAway.ts";

const failed = { run: "run_a", status: "failed", ended_at: new Date().toISOString() };
const interrupted = { run: "run_b", status: "interrupted", ended_at: null };

describe("what was put away", () => {
  it("waits for nobody any more", () => {
    const away = withPutAway(withPutAway({}, failed, true), interrupted, true);
    expect(waiting([failed, interrupted], {})).toEqual([failed, interrupted]);
    expect(waiting([failed], away)).toEqual([]);
  });

  it("is never a run that nobody supervises: that is taken up or ended", () => {
    expect(waiting([interrupted], withPutAway({}, interrupted, true))).toEqual([interrupted]);
  });

  it("comes back when the run ends anew, and when it is brought back", () => {
    const away = withPutAway({}, failed, true);
    const anew = { ...failed, ended_at: new Date(Date.now() + 1000).toISOString() };
    expect(waiting([anew], away)).toEqual([anew]);
    expect(waiting([failed], withPutAway(away, failed, false))).toEqual([failed]);
  });

  it("can be seen as long as it would wait, and is all that is missing from what waits", () => {
    const other = { ...failed, run: "run_c" };
    const over = { ...failed, run: "run_d", status: "succeeded" };
    const away = withPutAway(withPutAway({}, failed, true), over, true);
    expect(awayNow([failed, interrupted, other, over], away)).toEqual([failed]);
  });

  it("is bounded, the oldest forgotten first", () => {
    let away = {};
    for (let n = 0; n < 600; n += 1) away = withPutAway(away, { ...failed, run: `run_${n}` }, true);
    expect(Object.keys(away)).toHaveLength(500);
    expect(Object.keys(away)).not.toContain("run_0");
  });

  it("is read from whatever the browser kept", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const end of Object.values(readPutAway(text))) expect(typeof end).toBe("string");
      }),
    );
  });
});
