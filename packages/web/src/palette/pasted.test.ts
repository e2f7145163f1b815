import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pasted } from "./pasted.ts";

const base = "http://127.0.0.1:4000/fleet/";

describe("what was pasted", () => {
  it("leads to an address of this page", () => {
    expect(pasted(`${base}runs/run_0123456789?tab=log#L4`, base)).toBe("/runs/run_0123456789?tab=log#L4");
  });

  it("leads to the run whose id is in it", () => {
    expect(pasted(" run_0123456789 ", base)).toBe("/runs/run_0123456789");
    expect(pasted("claude-orchestrator show run_0123456789", base)).toBe("/runs/run_0123456789");
    expect(pasted("https://elsewhere/runs/run_0123456789", base)).toBe("/runs/run_0123456789");
  });

  it("leads nowhere else: not to the API, not off this page", () => {
    expect(pasted(`${base}api/session`, base)).toBeUndefined();
    expect(pasted("https://elsewhere/", base)).toBeUndefined();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
        const path = pasted(text, base);
        expect(path === undefined || path.startsWith("/")).toBe(true);
      }),
    );
  });
});
