import { expect, test } from "vitest";
import { nodeParts, partsOf } from "./nodeParts.ts";
import { nodeVersions } from "./nodeVersions.ts";

test("what is written down of the Node the project runs on is what it says itself", () => {
  const { node } = process.versions;
  expect(nodeVersions[node]).toEqual(Object.fromEntries(partsOf(process.versions)));
});

test.each(Object.keys(nodeVersions))("every part of Node %s is known by name, licence and address", (version) => {
  const parts = nodeParts(version);
  expect(parts.length).toBeGreaterThan(20);
  expect(new Set(parts.map(({ ref }) => ref)).size).toBe(parts.length);
  expect(parts.find(({ name }) => name === "openssl")).toMatchObject({
    licence: "Apache-2.0",
    purl: `pkg:generic/openssl@${nodeVersions[version]?.["openssl"]}`,
    cpe: `cpe:2.3:a:openssl:openssl:${nodeVersions[version]?.["openssl"]}:*:*:*:*:*:*:*`,
  });
});

test("a part with an empty version was left out; an interface's number is no part", () => {
  expect(partsOf({ node: "24.0.0", modules: "137", nghttp3: "", zlib: "1.3.1" })).toEqual([["zlib", "1.3.1"]]);
});

test("a Node that nobody has asked is not guessed at", () => {
  expect(() => nodeParts("1.0.0")).toThrow("what is inside Node 1.0.0 is not known");
});
