import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeSmallClone } from "../testing/smallClone.ts";
import { bundledModules } from "./bundledModules.ts";
import { contentsOf } from "./contents.ts";

const commander = { folder: "node_modules/commander", version: "15.1.0", modules: ["lib/a.js", "lib/b.js"] };
const uri = { folder: "node_modules/uri", version: "2.0.0" };
const uriAgain = { folder: "node_modules/ajv/node_modules/uri", version: "2.0.0", modules: ["other.js"] };
const ajv = { folder: "node_modules/ajv", version: "8.0.0", needs: { uri: "^2" } };
const react = { folder: "node_modules/@scope/react", version: "19.3.1" };

test("every module inside is ours, or belongs to exactly one component", () => {
  using clone = makeSmallClone([commander, ajv, uri, uriAgain], [react, { ...uri, modules: ["page.js"] }]);
  const { components } = contentsOf(clone, "npm");
  const owned = components.flatMap(({ modules }) => modules);
  const inside = bundledModules(clone).flatMap(({ name, folder }) => (folder === undefined ? [] : [name]));
  expect(owned.toSorted()).toEqual(inside.toSorted());
  expect(new Set(owned).size).toBe(owned.length);
});

test("the same package in two folders and in two places is one component", () => {
  using clone = makeSmallClone([ajv, uri, uriAgain], [{ ...uri, modules: ["page.js"] }]);
  expect(contentsOf(clone, "npm").components.map(({ ref, folders, places }) => ({ ref, folders, places }))).toEqual([
    { ref: "pkg:npm/ajv@8.0.0", folders: ["node_modules/ajv"], places: ["program"] },
    {
      ref: "pkg:npm/uri@2.0.0",
      folders: ["node_modules/ajv/node_modules/uri", "node_modules/uri"],
      places: ["page", "program"],
    },
  ]);
});

test("what is imported anew is inside anew, and what is only installed is not", () => {
  using before = makeSmallClone([commander, { ...ajv, modules: [] }]);
  using after = makeSmallClone([commander, ajv]);
  expect(contentsOf(before, "npm").components.map(({ ref }) => ref)).toEqual(["pkg:npm/commander@15.1.0"]);
  expect(contentsOf(after, "npm").components.map(({ ref }) => ref)).toEqual([
    "pkg:npm/ajv@8.0.0",
    "pkg:npm/commander@15.1.0",
  ]);
});

test("who uses whom is read as Node would find it: the folder's own first", () => {
  const older = { folder: "node_modules/ajv/node_modules/uri", version: "1.0.0" };
  using clone = makeSmallClone([ajv, uri, older]);
  const contents = contentsOf(clone, "npm");
  expect(contents.needs).toEqual(["pkg:npm/ajv@8.0.0"]);
  expect(contents.components[0]?.needs).toEqual(["pkg:npm/uri@1.0.0"]);
});

test("a module of nobody stops the release", () => {
  using clone = makeSmallClone([commander]);
  const file = path.join(clone.bundle, "meta.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("node_modules/commander/lib/a.js", "../elsewhere/a.js"));
  expect(() => contentsOf(clone, "npm")).toThrow("../elsewhere/a.js is in the bundle, and nobody knows whose it is");
});

test("so does an installed package that is not the one of the lockfile", () => {
  using clone = makeSmallClone([commander]);
  const file = path.join(clone.root, "package-lock.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("15.1.0", "15.0.0"));
  expect(() => contentsOf(clone, "npm")).toThrow(
    "node_modules/commander is 15.1.0, and package-lock.json says 15.0.0: `npm ci` first",
  );
});

test("and a licence that nobody has allowed, by name", () => {
  using clone = makeSmallClone([commander, { ...ajv, license: "GPL-3.0-only" }]);
  expect(() => contentsOf(clone, "npm")).toThrow(
    "The licence of what would be shipped is not allowed: ajv 8.0.0 (GPL-3.0-only)",
  );
});
