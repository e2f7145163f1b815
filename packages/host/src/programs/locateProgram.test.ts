import { chmodSync } from "node:fs";
import { delimiter } from "node:path";
import type { AgentProgram } from "@claude-orchestrator/engine/ports";
import { describe, expect, test } from "vitest";
import { createFileTree } from "../testing/fileTree.ts";
import { locateProgram, type LocateOptions } from "./locateProgram.ts";
import { readVersion } from "./readVersion.ts";

const program: AgentProgram = {
  binary: "agent",
  nativePackages: [
    { name: "@maker/agent-linux-x64", path: "agent" },
    { name: "@maker/agent-darwin-arm64", path: "agent" },
    { name: "@maker/deep-linux-x64", path: "vendor/*/bin/agent" },
  ],
  homeFolders: [".local/bin"],
  install: "npm i -g agent",
  versionArgs: ["--version"],
  parseVersion: (output) => /\d+\.\d+\.\d+/.exec(output)?.[0],
  knownBad: () => undefined,
  signIn: { env: [], files: [], how: "" },
};
const native = { program: "\x7fELF pretended" };
const script = { program: "#!/bin/sh\necho 1.2.3\n" };
/** What an npm package leaves in place of its program when its scripts were not run. */
const stub = { program: 'echo "Error: native binary not installed." >&2\nexit 1\n' };

function locate(options: Partial<LocateOptions>) {
  const nowhere = { packageRoots: [], path: undefined, home: undefined, platform: "linux", arch: "x64" } as const;
  return locateProgram(program, { ...nowhere, ...options });
}

describe("an agent's program", () => {
  test("is the path given, and nothing else is looked at", () => {
    using tree = createFileTree({ mine: script, "bin/agent": script });
    expect(locate({ explicit: tree.at("mine"), path: tree.at("bin") })).toMatchObject({
      words: [tree.at("mine")],
      how: "given",
    });
    expect(locate({ explicit: tree.at("nope"), path: tree.at("bin") })).toEqual({
      found: false,
      searched: [tree.at("nope")],
    });
  });

  test("is the native package of a node_modules at or above the roots, for this machine", () => {
    using tree = createFileTree({
      "node_modules/@maker/agent-darwin-arm64/agent": native,
      "node_modules/@maker/agent-linux-x64/agent": native,
      "packages/cli/file": "",
    });
    const path = tree.at("node_modules/@maker/agent-linux-x64/agent");
    expect(locate({ packageRoots: [tree.at("packages/cli")] })).toMatchObject({ words: [path], how: "package" });
    const mac = tree.at("node_modules/@maker/agent-darwin-arm64/agent");
    expect(locate({ packageRoots: [tree.path], platform: "darwin", arch: "arm64" })).toMatchObject({ words: [mac] });
  });

  test("is found below a folder whose name is not known", () => {
    using tree = createFileTree({ "node_modules/@maker/deep-linux-x64/vendor/x86_64-musl/bin/agent": native });
    const path = tree.at("node_modules/@maker/deep-linux-x64/vendor/x86_64-musl/bin/agent");
    expect(locate({ packageRoots: [tree.path] })).toMatchObject({ words: [path] });
  });

  test("is the native package beside the wrapper found on PATH, also where the wrapper is only a stub", () => {
    using tree = createFileTree({
      "lib/node_modules/agent/bin/agent.js": stub,
      "lib/node_modules/@maker/agent-linux-x64/agent": native,
      "bin/agent": { link: "../lib/node_modules/agent/bin/agent.js" },
    });
    const path = tree.at("lib/node_modules/@maker/agent-linux-x64/agent");
    expect(locate({ path: tree.at("bin") })).toMatchObject({ words: [path], how: "path" });
  });

  test("is the wrapper itself where there is no native package", () => {
    using tree = createFileTree({ "bin/agent": script });
    expect(locate({ path: `/no/such:${tree.at("bin")}` })).toEqual({
      found: true,
      words: [tree.at("bin/agent")],
      how: "path",
      searched: ["/no/such"],
    });
  });

  test("is looked for no further in a folder that cannot be looked into", () => {
    // A link to itself is refused to everybody, root too.
    using tree = createFileTree({ home: { link: "home" }, "bin/agent": { link: "agent" } });
    expect(locate({ path: tree.at("bin"), home: tree.at("home") })).toEqual({
      found: false,
      searched: [tree.at("bin"), tree.at("home/.local/bin")],
    });
    expect(locate({ explicit: tree.at("home/agent") })).toEqual({ found: false, searched: [tree.at("home/agent")] });
  });

  test("is looked for in the home folder last", () => {
    using tree = createFileTree({ ".local/bin/agent": script });
    expect(locate({ home: tree.path })).toMatchObject({ words: [tree.at(".local/bin/agent")], how: "home" });
  });

  test("is never taken from the current folder, by an empty or relative entry of PATH", () => {
    expect(locate({ path: ":.:bin::" })).toEqual({ found: false, searched: [] });
  });

  test("is not what cannot run: the answer says what was wrong with it", () => {
    using tree = createFileTree({ "a/agent": stub, "b/agent": script, "c/agent/x": "" });
    chmodSync(tree.at("b/agent"), 0o644);
    expect(locate({ path: ["a", "b", "c"].map(tree.at).join(":"), home: tree.path })).toEqual({
      found: false,
      searched: [
        `${tree.at("a/agent")} (no program)`,
        `${tree.at("b/agent")} (not executable)`,
        tree.at("c"),
        tree.at(".local/bin"),
      ],
    });
  });
});

describe("a version", () => {
  const patient = { timeout: 60_000 };
  const ask = (words: readonly string[]) => readVersion(program, words, process.env["PATH"]);

  test("is read from either output", patient, async () => {
    expect(await ask(["/bin/sh", "-c", "echo agent 2.1.330"])).toEqual({ version: "2.1.330" });
    expect(await ask(["/bin/sh", "-c", "echo 0.74.2 >&2"])).toEqual({ version: "0.74.2" });
  });

  test("is asked with an empty home folder and nothing of our environment", patient, async () => {
    const spy = 'ls -A "$HOME" | wc -l; env | cut -d= -f1 | sort | tr "\\n" " "';
    const seen = { versionArgs: [], parseVersion: (output: string) => output.replaceAll(/\s+/g, " ").trim() };
    const { version } = await readVersion(seen, ["/bin/sh", "-c", spy], process.env["PATH"]);
    expect(version).toMatch(/^0 HOME (OLDPWD )?PATH PWD TMPDIR/);
  });

  test("that cannot be had comes with the reason", patient, async () => {
    expect(await ask(["/no/such/program"])).toEqual({ problem: "ENOENT" });
    expect(await ask(["/bin/sh", "-c", "exit 3"])).toEqual({ problem: "it ended with exit code 3" });
    expect(await ask(["/bin/echo", "hello"])).toEqual({ problem: "it printed no version" });
    expect(await ask(["/bin/sh", "-c", "kill -KILL $$"])).toEqual({ problem: "SIGKILL" });
  });
});

describe("on Windows", () => {
  const shim = '@ECHO off\r\nendLocal & "%_prog%"  "%dp0%\\node_modules\\agent\\cli.js" %*\r\n';
  const windows = { platform: "win32", pathExtensions: ".COM;.EXE;.BAT;.CMD" } as const;

  test("a script that npm made a batch file for is started by Node, without cmd.exe in between", () => {
    using tree = createFileTree({
      "npm/agent.cmd": shim,
      "npm/node_modules/agent/cli.js": "",
      "nodejs/node.exe": native,
    });
    const words = [tree.at("nodejs/node.exe"), tree.at("npm/node_modules/agent/cli.js")];
    const path = [tree.at("npm"), tree.at("nodejs")].join(delimiter);
    expect(locate({ ...windows, path })).toMatchObject({ words, how: "path" });
    expect(locate({ ...windows, path, explicit: tree.at("npm/agent.cmd") })).toMatchObject({ words, how: "given" });
  });

  test("any other batch file is not started, and where there is no Node or no script neither is that of npm", () => {
    using tree = createFileTree({ "own/agent.cmd": "@agent-of-mine %*\r\n", "npm/agent.cmd": shim });
    expect(locate({ ...windows, path: [tree.at("own"), tree.at("npm")].join(delimiter) })).toEqual({
      found: false,
      searched: [`${tree.at("own/agent.cmd")} (needs a shell)`, `${tree.at("npm/agent.cmd")} (needs a shell)`],
    });
  });
});
