/** The npm form, installed the ways people install: as a user, under a path with spaces, without scripts, without a network. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { answeredWell, askLibrary } from "./support/askLibrary.ts";
import { createPerson } from "./support/person.ts";
import type { Person } from "./support/person.ts";
import { isWholeMatrix } from "./support/places.ts";
import { tryProgram } from "./support/tryProgram.ts";
import { works } from "./support/works.ts";

const shelf = inject("shelf");
const tarball = path.join(shelf, "npm.tgz");
const nodeFolder = (major: string): string => path.join(shelf, "nodes", major, "bin");
const npm = (name: "npm" | "npx"): readonly string[] => ["node", path.join(shelf, `npm/bin/${name}-cli.js`)];

/** Nothing may be asked of a registry, nothing may be run: there is nothing to ask for and nothing to run. */
const strict = {
  npm_config_offline: "true",
  npm_config_ignore_scripts: "true",
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_update_notifier: "false",
};

async function install(person: Person, argv: readonly string[]): Promise<void> {
  await works(person, argv, { ...strict, npm_config_prefix: person.prefix });
}

describe.each([
  ["24", "a user", false],
  ["22", "root", true],
  ["26", "a user", false],
])("on Node %s, npm install -g by %s", (major, _who, isRoot) => {
  test.skipIf(major !== "24" && !isWholeMatrix)("works whole, and uninstall leaves nothing", async () => {
    using person = createPerson({ nodeFolder: nodeFolder(major), isRoot });
    await install(person, [...npm("npm"), "install", "--global", tarball]);
    const page = path.join(person.prefix, "share/man/man1/claude-orchestrator-run.1");
    expect(readFileSync(page, "utf8")).toContain('.TH "CLAUDE-ORCHESTRATOR-RUN"');
    await tryProgram(person, ["claude-orchestrator"]);
    await install(person, [...npm("npm"), "uninstall", "--global", "claude-orchestrator"]);
    expect(person.filesIn(person.prefix)).toEqual([]);
  });

  test.skipIf(major !== "24" && !isWholeMatrix)("and npx need no installation before", async () => {
    using person = createPerson({ nodeFolder: nodeFolder(major), isRoot });
    const words = [...npm("npx"), "--yes", "--offline", `--package=${tarball}`, "claude-orchestrator"];
    expect(await person.run([...words, "--version"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^claude-orchestrator /),
    });
  });

  test.skipIf(major !== "24" && !isWholeMatrix)("and a project's own program plans and runs a fleet", async () => {
    using person = createPerson({ nodeFolder: nodeFolder(major), isRoot });
    person.write("package.json", '{ "private": true, "type": "module" }\n');
    await install(person, [...npm("npm"), "install", tarball]);
    expect(await askLibrary(person, ["node"])).toEqual(answeredWell);
  });
});

describe("a Node that is too old", () => {
  // The oldest and the newest of the whole matrix, and whichever this machine has.
  const old = [nodeFolder("12"), nodeFolder("20"), "/usr/local/bin", "/usr/bin"].filter((folder) => isOld(folder));

  test.skipIf(old.length === 0)("is told what to do, in words and not by a stack", async () => {
    for (const folder of old) {
      using person = createPerson({ nodeFolder: folder });
      // npm itself needs a newer Node than the person has.
      const npmOnNode24 = [path.join(nodeFolder("24"), "node"), ...npm("npm").slice(1)];
      await install(person, [...npmOnNode24, "install", "--global", tarball]);
      const program = path.join(person.prefix, "bin/claude-orchestrator");
      const { code, out, talk } = await person.run([path.join(folder, "node"), program, "doctor"]);
      expect([code, out]).toEqual([2, ""]);
      expect(talk).toMatch(
        /^error: claude-orchestrator needs Node 22\.22 or newer .*\n\nhint: install Node 24 [^\n]*\n$/,
      );
    }
  });
});

function isOld(folder: string): boolean {
  const node = path.join(folder, "node");
  return existsSync(node) && /^v(?:1\d|20|21)\./.test(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout);
}
