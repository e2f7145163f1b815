import { describe, expect, test } from "vitest";
import { planOf, sentencesOf } from "../testing/loading.ts";

const isolationOf = (text: string) => planOf(text).instances.map(({ isolation }) => isolation);

describe("isolation", () => {
  test("is none where nothing is said, and where none is said against the defaults", () => {
    expect(
      isolationOf(`
defaults: {isolation: worktree, worktree: {base: main}}
instances:
  - {name: apart, prompt: x}
  - {name: beside, prompt: x, isolation: none}
  - {name: copied, prompt: x, isolation: copy}
`),
    ).toEqual([{ kind: "worktree", base: "main", link: [], submodules: false }, undefined, { kind: "copy" }]);
    expect(isolationOf("instances: [{name: a, prompt: x}]")).toEqual([undefined]);
  });

  test("of a worktree has a base, links, a set-up and submodules as written", () => {
    const [made, script] = isolationOf(`
variables: {branch: release/2}
instances:
  - name: a
    prompt: x
    isolation: worktree
    worktree:
      base: "\${{ variables.branch }}"
      link: [node_modules, packages/web/node_modules/, node_modules]
      setup: [npm, ci]
      submodules: true
  - {name: b, prompt: x, isolation: worktree, worktree: {setup: "make tools"}}
`);
    expect(made).toEqual({
      kind: "worktree",
      base: "release/2",
      link: ["node_modules", "packages/web/node_modules"],
      setup: { kind: "command", argv: ["npm", "ci"] },
      submodules: true,
    });
    expect(script).toEqual({
      kind: "worktree",
      base: "HEAD",
      link: [],
      setup: { kind: "script", script: "make tools" },
      submodules: false,
    });
  });

  test.each([
    "../other",
    "/etc",
    "a/../../b",
    ".git",
    "a/.git/hooks",
    ".GIT",
    ".",
    "./a",
    "a//b",
    "",
    "C:/x",
    "a\\\\b",
    "node_*",
    ".orchestrator",
  ])("refuses to link %j", (folder) => {
    const [sentence] = sentencesOf(
      `instances: [{name: a, prompt: x, isolation: worktree, worktree: {link: ["${folder}"]}}]`,
    );
    expect(sentence).toMatch(/^1:\d+ .*worktree\.link\[0\].* must be a folder inside the repository/);
  });

  test("tells at its place what a worktree without isolation, a wrong kind and a wrong field mean", () => {
    expect(
      sentencesOf(`instances:
  - {name: a, prompt: x, worktree: {base: main}}
  - {name: b, prompt: x, isolation: container}
  - {name: c, prompt: x, isolation: worktree, worktree: {bases: main}}
`),
    ).toEqual([
      expect.stringMatching(/^2:26 `worktree` says how .* \| write `isolation: worktree` beside it$/),
      expect.stringMatching(/^3:\d+ .*isolation.* must be one of none, worktree, copy/),
      expect.stringMatching(/^4:\d+ .*bases.* \| did you mean `base`\?/),
    ]);
  });
});

describe("disk", () => {
  test("has a floor and a bound for the run, in bytes", () => {
    const text = "instances: [{name: a, prompt: x}]\n";
    expect(planOf(`disk: {min_free: 2GB, max_run: 5GiB}\n${text}`).disk).toEqual({ minFree: 2e9, maxRun: 5 * 2 ** 30 });
    expect(planOf(`disk: {max_run: 1000000}\n${text}`).disk).toEqual({ maxRun: 1_000_000 });
    expect(planOf(text).disk).toBeUndefined();
  });

  test("refuses what is no amount", () => {
    expect(sentencesOf("disk: {min_free: lots}\ninstances: [{name: a, prompt: x}]\n")).toEqual([
      expect.stringMatching(/^1:\d+ .*min_free.* must be an amount of disk above 0/),
    ]);
  });
});
