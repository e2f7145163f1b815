import { describe, expect, it } from "vitest";
import { iconState } from "./statusIcon.ts";

describe("the tab's icon", () => {
  it("says first what needs somebody, then what runs", () => {
    expect(iconState([], 0)).toBe("idle");
    expect(iconState([], 2)).toBe("running");
    expect(iconState([{ status: "interrupted" }], 2)).toBe("attention");
    expect(iconState([{ status: "interrupted" }, { status: "failed" }], 0)).toBe("failed");
  });
});
