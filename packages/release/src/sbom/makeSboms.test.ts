import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeSmallClone, type SmallClone } from "../testing/smallClone.ts";
import { checkLicences } from "../licences/allowedLicences.ts";
import { targets } from "../exe/targets.ts";
import { compilerParts } from "./compilerParts.ts";
import { launcherParts } from "./launcherParts.ts";
import { makeSboms } from "./makeSboms.ts";

const head = {
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://example.test/vex",
  author: "us",
  timestamp: "2026-11-25T00:00:00Z",
  version: 1,
};
const statement = {
  vulnerability: { name: "GHSA-1" },
  products: [{ "@id": "pkg:npm/a" }],
  status: "fixed",
};

async function madeWith(clone: SmallClone, statements: readonly object[]): Promise<readonly string[]> {
  const output = path.join(clone.root, "out");
  mkdirSync(output);
  writeIn(clone, "security/vex.json", JSON.stringify({ ...head, statements }));
  const made = await makeSboms({ ...clone, output, made: [], say: () => undefined });
  expect(made.map((each) => each.path).toSorted()).toEqual(readdirSync(output).toSorted());
  expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(["sbom"]));
  return readdirSync(output).toSorted();
}

function writeIn({ root }: SmallClone, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}

test("a release has both SBOMs of the package, and the statements on weaknesses once there are any", async () => {
  using silent = makeSmallClone([{ folder: "node_modules/a", version: "1.0.0" }]);
  expect(await madeWith(silent, [])).toEqual([
    "claude-orchestrator-1.2.3-npm.cdx.json",
    "claude-orchestrator-1.2.3-npm.spdx.json",
  ]);
  using telling = makeSmallClone([{ folder: "node_modules/a", version: "1.0.0" }]);
  expect(await madeWith(telling, [statement])).toContain("claude-orchestrator-1.2.3.vex.json");
});

const linux = targets.find(({ platform }) => platform === "linux-x64");
const hasCompiler = linux !== undefined && spawnSync(linux.compiler[0], ["--version"]).status === 0;

test.skipIf(!hasCompiler)(
  "what a compiler adds of its own to the launcher is as it says, and allowed there alone",
  () => {
    if (linux === undefined) throw new Error("no linux-x64");
    using clone = makeSmallClone([]);
    const parts = compilerParts(linux, clone.root);
    expect(parts.map(({ name, version }) => [name, version])).toEqual([
      ["glibc", expect.stringMatching(/^2\.\d+$/)],
      ["libgcc", expect.stringMatching(/^\d+\.\d+\.\d+$/)],
    ]);
    expect(() => checkLicences(parts)).not.toThrow();
    expect(() => checkLicences(parts.map((each) => ({ ...each, places: ["program"] })))).toThrow("(LGPL-2.1-or-later)");
  },
);

test("what is compiled into a launcher has the version that its own sources say", () => {
  using clone = makeSmallClone([]);
  expect(launcherParts(clone.root)).toEqual([]);
  const vendor = "packages/release/launcher/vendor";
  const numbers = ["MAJOR    1", "MINOR    5", "RELEASE  6"].map((each) => `#define ZSTD_VERSION_${each}\n`);
  writeIn(clone, `${vendor}/zstd/zstddeclib.c`, `#define FSE_VERSION_MAJOR    0\n${numbers.join("")}`);
  writeIn(clone, `${vendor}/blake3/blake3.h`, '#define BLAKE3_VERSION_STRING "1.8.6"\n');
  expect(launcherParts(clone.root).map(({ purl, licence }) => [purl, licence])).toEqual([
    ["pkg:generic/blake3@1.8.6", "CC0-1.0 OR Apache-2.0"],
    ["pkg:generic/zstd@1.5.6", "BSD-3-Clause OR GPL-2.0-only"],
  ]);
  writeIn(clone, `${vendor}/blake3/blake3.h`, readFileSync(path.join(clone.root, vendor, "zstd/zstddeclib.c"), "utf8"));
  expect(() => launcherParts(clone.root)).toThrow("blake3.h does not say which version it is");
});
