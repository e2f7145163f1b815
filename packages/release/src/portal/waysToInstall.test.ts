import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { ArtifactKind, Platform } from "../artifact.ts";
import { installable, wayToInstall } from "./waysToInstall.ts";

const installers = path.join(import.meta.dirname, "../../installers");
const textOf = (name: string): string => readFileSync(path.join(installers, name), "utf8");

const way = (name: string, kind: ArtifactKind, platform?: Platform): readonly string[] =>
  wayToInstall({ path: name, size: 1, sha256: "", kind, ...(platform === undefined ? {} : { platform }) });

const flagsIn = (lines: readonly string[], pattern: RegExp): readonly string[] =>
  lines.flatMap((line) => line.match(pattern) ?? []);

test("what is offered of install.sh are options that it has", () => {
  const { status, stdout } = spawnSync("sh", [path.join(installers, "install.sh"), "--help"], { encoding: "utf8" });
  const offered = flagsIn(way("install.sh", "installer"), /--[a-z-]+/g);
  expect([status, offered.length > 1]).toEqual([0, true]);
  expect(offered.filter((flag) => !stdout.includes(`\n  ${flag}`))).toEqual([]);
});

test("what is offered of install.ps1 are parameters that it has", () => {
  const [, block = ""] = /\nparam\(([\s\S]*?)\n\)/.exec(textOf("install.ps1")) ?? [];
  const parameters = [...block.matchAll(/\$(\w+)/g)].map(([, name]) => `-${name}`);
  const ownFlags = way("install.ps1", "installer")
    .filter((line) => line.includes("-File install.ps1 "))
    .map((line) => line.replace(/^.*-File install\.ps1 /, ""));
  const offered = flagsIn(ownFlags, /-[A-Z]\w+/g);
  expect(offered.length).toBeGreaterThan(0);
  expect(offered.filter((flag) => !parameters.includes(flag))).toEqual([]);
  // Help is PowerShell's own, which reads the comment at the top.
  expect(textOf("install.ps1")).toContain(".SYNOPSIS");
});

test("every other form that is installed is handed to the program that can, by the file itself", () => {
  const typed = [
    way("x-linux-x64", "executable", "linux-x64"),
    way("x-win-x64.exe", "executable", "win-x64"),
    way("x.tar.gz", "archive", "linux-x64"),
    way("x.zip", "archive", "win-x64"),
    way("x.deb", "deb", "linux-x64"),
    way("x.whl", "wheel", "linux-x64"),
    way("x.tgz", "npm"),
    way("managers.tar.gz", "package-manager"),
  ];
  expect(typed).toEqual([
    ["chmod +x x-linux-x64", "./x-linux-x64 --version"],
    [".\\x-win-x64.exe --version"],
    ["tar -xf x.tar.gz"],
    ["Expand-Archive x.zip"],
    ["sudo apt install ./x.deb"],
    ["pip install --no-index ./x.whl"],
    ["npm install -g ./x.tgz"],
    [],
  ]);
  expect(Object.keys(installable)).toHaveLength(7);
});
