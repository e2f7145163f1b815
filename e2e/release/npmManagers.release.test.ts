/** The npm form by the other package managers there are. They need nothing from a registry, but have to be had themselves. */
import { cpSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { answeredWell, askLibrary } from "./support/askLibrary.ts";
import { createPerson } from "./support/person.ts";
import type { Person } from "./support/person.ts";
import { isWholeMatrix, toolsFolder } from "./support/places.ts";
import { tryProgram } from "./support/tryProgram.ts";
import { works } from "./support/works.ts";

const shelf = inject("shelf");
const tarball = path.join(shelf, "npm.tgz");

function newPerson(): Person {
  return createPerson({ nodeFolder: path.join(shelf, "nodes/24/bin") });
}

/** Laid on the shelf, where a user may read it: the clone may be somebody else's. */
function managed(folder: string, entry: string): readonly string[] {
  const there = path.join(shelf, "tools", folder);
  if (!existsSync(there)) cpSync(path.join(toolsFolder, folder), there, { recursive: true });
  return ["node", path.join(there, entry)];
}

const project = '{ "name": "theirs", "private": true, "type": "module" }\n';

describe.skipIf(!isWholeMatrix)("pnpm", () => {
  const pnpm = (): readonly string[] => managed("pnpm", "bin/pnpm.cjs");
  const offline = ["--offline", "--ignore-scripts"];

  test("installs it for a user, and takes it away", async () => {
    using person = newPerson();
    const env = { PNPM_HOME: path.join(person.prefix, "bin") };
    await works(person, [...pnpm(), "add", "--global", ...offline, tarball], env);
    await tryProgram(person, ["claude-orchestrator"]);
    await works(person, [...pnpm(), "remove", "--global", "claude-orchestrator"], env);
    // What it keeps of packages for the next time is its own.
    expect(readdirSync(path.join(person.prefix, "bin")).filter((name) => name.startsWith("claude"))).toEqual([]);
  });

  test("runs it once, and in a project", async () => {
    using person = newPerson();
    const once = await works(person, [...pnpm(), "dlx", "--package", tarball, "claude-orchestrator", "--version"]);
    expect(once).toMatch(/^claude-orchestrator \d/m);
    person.write("package.json", project);
    await works(person, [...pnpm(), "add", ...offline, tarball]);
    expect(await askLibrary(person, ["node"])).toEqual(answeredWell);
  });
});

describe.skipIf(!isWholeMatrix)("yarn 1", () => {
  const yarn = (): readonly string[] => managed("yarn", "bin/yarn.js");

  test("installs it for a user, and takes it away", async () => {
    using person = newPerson();
    const global = [
      "--offline",
      "--ignore-scripts",
      "--prefix",
      person.prefix,
      "--global-folder",
      path.join(person.prefix, "yarn"),
    ];
    await works(person, [...yarn(), "global", "add", ...global, `file:${tarball}`]);
    await tryProgram(person, ["claude-orchestrator"]);
    await works(person, [...yarn(), "global", "remove", ...global, "claude-orchestrator"]);
    expect(person.filesIn(path.join(person.prefix, "bin"))).toEqual([]);
  });

  test("runs it in a project", async () => {
    using person = newPerson();
    person.write("package.json", project);
    await works(person, [...yarn(), "add", "--offline", "--ignore-scripts", `file:${tarball}`]);
    await tryProgram(person, [...yarn(), "--silent", "claude-orchestrator"]);
    expect(await askLibrary(person, ["node"])).toEqual(answeredWell);
  });
});

describe.skipIf(!isWholeMatrix).each(["node-modules", "pnp"])("yarn 4 with %s", (linker) => {
  const yarn = (): readonly string[] => managed("@yarnpkg/cli-dist", "bin/yarn.js");

  test("runs it in a project", async () => {
    using person = newPerson();
    person.write("package.json", project);
    person.write("yarn.lock", "");
    person.write(
      ".yarnrc.yml",
      `nodeLinker: ${linker}\nenableTelemetry: false\nenableNetwork: false\nenableScripts: false\n`,
    );
    await works(person, [...yarn(), "add", `claude-orchestrator@file:${tarball}`]);
    await tryProgram(person, [...yarn(), "claude-orchestrator"]);
    expect(await askLibrary(person, [...yarn(), "node"])).toEqual(answeredWell);
  });
});
