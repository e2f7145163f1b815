import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSettings, usualSettings } from "./settings.ts";

describe("the settings that a browser kept", () => {
  it("are read back as they were written", () => {
    const chosen = {
      times: "absolute",
      zone: "Asia/Kathmandu",
      announces: false,
      singleKeys: false,
      keys: { n: "alt+n" },
    } as const;
    expect(readSettings(JSON.stringify(chosen))).toEqual(chosen);
  });

  it("are as usual wherever what was kept makes no sense", () => {
    expect(readSettings(null)).toEqual(usualSettings);
    expect(readSettings('{"times":"soon","zone":"Middle/Earth","announces":0,"keys":{"n":1}}')).toEqual(usualSettings);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const { times, zone, keys } = readSettings(text);
        expect(["relative", "absolute"]).toContain(times);
        expect(() => new Intl.DateTimeFormat("en", zone === "" ? {} : { timeZone: zone })).not.toThrow();
        expect(Object.values(keys).every((each) => typeof each === "string")).toBe(true);
      }),
    );
  });
});
