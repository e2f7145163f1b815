import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseRelease } from "./chooseRelease.ts";
import { channels } from "./offeredRelease.ts";
import type { OfferedRelease } from "./offeredRelease.ts";
import { compareVersions } from "./version.ts";

function release(version: string, changes: Partial<OfferedRelease> = {}): OfferedRelease {
  return { path: version, version, channel: "stable", platform: "linux-x64", size: 1, sha256: "", ...changes };
}

const wish = { platform: "linux-x64", channel: "stable", installed: "1.0.0" } as const;

test("who follows stable is offered no beta; who follows nightly is offered all", () => {
  const offered = [
    release("1.1.0"),
    release("1.2.0-beta.1", { channel: "beta" }),
    release("1.3.0-nightly.5", { channel: "nightly" }),
  ];
  const versions = channels.map((channel) => {
    const choice = chooseRelease(offered, { ...wish, channel });
    return choice.kind === "newer" && choice.release.version;
  });
  expect(versions).toEqual(["1.1.0", "1.2.0-beta.1", "1.3.0-nightly.5"]);
});

test("a release that is too far is gone to in steps", () => {
  const offered = [release("3.0.0", { minFrom: "2.0.0" }), release("2.0.0", { minFrom: "1.0.0" })];
  expect(chooseRelease(offered, wish)).toMatchObject({ kind: "newer", release: { version: "2.0.0" } });
  expect(chooseRelease(offered, { ...wish, installed: "2.0.0" })).toMatchObject({ release: { version: "3.0.0" } });
  expect(chooseRelease(offered.slice(0, 1), wish)).toMatchObject({ kind: "too-old" });
});

test("an older release is gone to by its name only", () => {
  const offered = [release("0.9.0")];
  expect(chooseRelease(offered, wish)).toEqual({ kind: "ahead", newest: "0.9.0" });
  expect(chooseRelease(offered, { ...wish, version: "0.9.0" })).toMatchObject({ kind: "older" });
  expect(chooseRelease(offered, { ...wish, version: "0.8.0" })).toEqual({ kind: "no-such-version" });
});

test("whatever is offered, nobody is moved back or to another platform without having asked for that version", () => {
  const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((numbers) => numbers.join("."));
  const offered = fc.array(
    fc.record({ version, channel: fc.constantFrom(...channels), platform: fc.constantFrom("linux-x64", "win-x64") }),
  );
  fc.assert(
    fc.property(offered, version, fc.constantFrom(...channels), (some, installed, channel) => {
      const choice = chooseRelease(
        some.map((each) => release(each.version, each)),
        { platform: "linux-x64", channel, installed },
      );
      expect(choice.kind).not.toBe("older");
      if (choice.kind !== "newer") return;
      expect(compareVersions(choice.release.version, installed)).toBeGreaterThan(0);
      expect(choice.release.platform).toBe("linux-x64");
    }),
  );
});
