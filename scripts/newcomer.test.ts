/** What npm says to somebody whose own Node is older than ours: nothing, since nothing here runs on it. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "./lib/command.ts";

const folder = mkdtempSync(path.join(tmpdir(), "orchestrator newcomer "));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("no manifest of the clone asks for a Node", () => {
  const names = readdirSync(path.join(root, "packages")).map((name) => path.join("packages", name, "package.json"));
  const asking = ["package.json", ...names].filter((name) =>
    Object.hasOwn(JSON.parse(readFileSync(path.join(root, name), "utf8")) as object, "engines"),
  );
  expect([asking, names.length > 10]).toEqual([[], true]);
});

test("a package that wants another Node than npm runs on is not worth a word, by the settings of the clone", () => {
  const write = (name: string, value: object): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), JSON.stringify(value));
  };
  const [whole, part] = [
    { name: "whole", version: "1.0.0" },
    { name: "part", version: "1.0.0" },
  ];
  const picky = { ...part, engines: { node: ">=999" } };
  const packages = { "": { ...whole, workspaces: ["part"] }, part: picky };
  write("package.json", { ...whole, workspaces: ["part"] });
  write("part/package.json", picky);
  const links = { "node_modules/part": { resolved: "part", link: true } };
  write("package-lock.json", { ...whole, lockfileVersion: 3, requires: true, packages: { ...packages, ...links } });
  const env = { PATH: process.env["PATH"], HOME: folder };
  const ci = () => spawnSync("npm", ["ci", "--offline"], { cwd: folder, encoding: "utf8", env });
  expect(ci().stderr).toContain("EBADENGINE");
  copyFileSync(path.join(root, ".npmrc"), path.join(folder, ".npmrc"));
  const { status, stderr } = ci();
  expect([status, stderr]).toEqual([0, ""]);
});
