import { readFileSync, statSync } from "node:fs";
import { UserError } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { doctorFacts, signInState } from "./doctorFacts.ts";
import { createEnvironment } from "./environment.ts";
import { makeRunsDirectory } from "./runsDirectory.ts";
import { createFileTree } from "./testing/fileTree.ts";

describe("the folder of runs", () => {
  test("is closed to others and outside the workspace's version control, made twice as well as once", () => {
    using workspace = createFileTree();
    const path = makeRunsDirectory({ workspace: workspace.path });
    expect(makeRunsDirectory({ workspace: workspace.path })).toBe(path);
    expect(path).toBe(workspace.at(".orchestrator/runs"));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readFileSync(workspace.at(".orchestrator/.gitignore"), "utf8")).toBe("*\n");
  });

  test("may be elsewhere", () => {
    using tree = createFileTree({ "workspace/a.txt": "" });
    const path = makeRunsDirectory({ workspace: tree.at("workspace"), configured: "../kept runs" });
    expect([path, statSync(path).isDirectory()]).toEqual([tree.at("kept runs"), true]);
  });

  test("is refused where a repository put a link or a file in its place", () => {
    using outside = createFileTree();
    using linked = createFileTree({ ".orchestrator": { link: outside.path } });
    using blocked = createFileTree({ ".orchestrator/runs": "a file" });
    expect(() => makeRunsDirectory({ workspace: linked.path })).toThrow(UserError);
    expect(() => makeRunsDirectory({ workspace: blocked.path })).toThrow("it is no folder");
  });
});

describe("doctor", () => {
  test("tells what there is, of a folder not made yet too", () => {
    using workspace = createFileTree();
    const facts = doctorFacts(createEnvironment(process.env), workspace.at("not/yet/made"));
    expect(facts).toMatchObject({
      node: process.version,
      platform: process.platform,
      runsDirectory: { path: workspace.at("not/yet/made"), writable: true },
    });
    expect(facts.disk?.freeBytes).toBeGreaterThan(0);
    expect(facts.memory.totalBytes).toBeGreaterThan(facts.memory.freeBytes);
  });

  test("knows a sign-in by existence only", () => {
    using home = createFileTree({ ".agent/auth.json": "secret", "elsewhere/token": "secret" });
    const environment = createEnvironment({
      HOME: home.path,
      AGENT_KEY: "x",
      EMPTY: "",
      AGENT_DIR: home.at("elsewhere"),
    });
    const signIn = {
      env: ["AGENT_KEY", "EMPTY", "MISSING"],
      files: [".agent/auth.json", "$AGENT_DIR/token", "$UNSET/token", ".agent/none"],
      how: "",
    };
    expect(signInState(signIn, environment)).toEqual({
      variables: ["AGENT_KEY"],
      files: [home.at(".agent/auth.json"), home.at("elsewhere/token")],
    });
  });
});
