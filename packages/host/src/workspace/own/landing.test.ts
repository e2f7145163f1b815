import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitRig, worktree, type GitRig } from "../../testing/gitRig.ts";
import type { Git } from "../git/git.ts";
import { land, type LandingRequest } from "./landing.ts";
import { isWorktreeRecord, listRecords } from "./listRecords.ts";
import { removeWorktree } from "./removeWorktree.ts";

let rig: GitRig;
beforeEach(() => (rig = createGitRig({ "a.txt": "1\n2\n3\n4\n5\n", "b.txt": "b\n" })));
afterEach(() => rig[Symbol.dispose]());

/** Worktrees of these names, each written to as given. */
async function worked(work: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const names = Object.keys(work);
  const assigned = await rig.assign(Object.fromEntries(names.map((name) => [name, worktree])));
  const workspaces = rig.workspaces(assigned);
  const paths: Record<string, string> = {};
  for (const name of names) {
    await workspaces.prepare(rig.order(name));
    paths[name] = assigned.folders.get(name)?.path ?? "";
    for (const [file, text] of Object.entries(work[name] ?? {})) writeFileSync(join(paths[name] ?? "", file), text);
  }
  return paths;
}

function landing(names: readonly string[], changes: Partial<LandingRequest> = {}) {
  const recorded = listRecords(rig.variables).filter(isWorktreeRecord);
  const worktrees = names.flatMap((name) => recorded.filter(({ record }) => record.instance === name));
  const place = { root: rig.repository, commonDir: join(rig.repository, ".git"), into: undefined };
  return land({ git: rig.git, run: "run_1", ...place, worktrees, dryRun: false, keepConflict: false, ...changes });
}

/** All that a person could see of the repository. */
const seen = () => [
  rig.as(rig.repository, "for-each-ref", "--format=%(refname) %(objectname)"),
  rig.as(rig.repository, "status", "--porcelain"),
  rig.as(rig.repository, "count-objects"),
];

describe("landing", () => {
  test("brings branches in one after the other, with what was left uncommitted", async () => {
    const paths = await worked({
      one: { "a.txt": "one\n2\n3\n4\n5\n" },
      two: { "a.txt": "1\n2\n3\n4\ntwo\n", "n.txt": "n\n" },
      idle: {},
    });
    rig.as(paths["one"] ?? "", "commit", "-qam", "by its agent");
    expect(await landing(["one", "two", "idle"])).toMatchObject({
      into: "main",
      steps: [
        { instance: "one", is: "fast-forward", uncommitted: false },
        { instance: "two", is: "merge", uncommitted: true },
        { instance: "idle", is: "nothing" },
      ],
    });
    expect(readFileSync(join(rig.repository, "a.txt"), "utf8")).toBe("one\n2\n3\n4\ntwo\n");
    expect(readFileSync(join(rig.repository, "n.txt"), "utf8")).toBe("n\n");
    expect(rig.as(rig.repository, "status", "--porcelain")).toBe("");
    expect(rig.as(rig.repository, "log", "--format=%s %an", "--first-parent").split("\n")).toEqual([
      "Merge two Ada",
      "by its agent Ada",
      "first Ada",
    ]);
    for (const folder of listRecords(rig.variables).filter(isWorktreeRecord)) {
      expect(await removeWorktree(rig.git, folder, { ignored: false })).toBeUndefined();
    }
  });

  test("changes nothing at a conflict, and names the files and both sides", async () => {
    await worked({
      one: { "a.txt": "one\n", "n.txt": "n\n" },
      two: { "a.txt": "two\n" },
      three: { "b.txt": "three\n" },
    });
    rig.commit({ "b.txt": "main\n" });
    const before = seen();
    expect(await landing(["one", "two"])).toMatchObject({
      conflict: { instance: "two", files: [{ path: "a.txt", others: ["one"] }] },
    });
    expect(await landing(["three"])).toMatchObject({
      conflict: { instance: "three", files: [{ path: "b.txt", others: ["the branch main"] }] },
    });
    expect(seen()).toEqual(before);
  });

  test("leaves a conflict to be solved where that is asked for, with what came before it landed", async () => {
    await worked({ one: { "a.txt": "one\n" }, two: { "a.txt": "two\n" } });
    expect(await landing(["one", "two"], { keepConflict: true })).toMatchObject({
      steps: [{ instance: "one" }],
      conflict: { instance: "two" },
    });
    expect(rig.as(rig.repository, "status", "--porcelain")).toBe("UU a.txt");
    expect(readFileSync(join(rig.repository, "a.txt"), "utf8")).toContain("<<<<<<<");
    rig.as(rig.repository, "merge", "--abort");
    expect(readFileSync(join(rig.repository, "a.txt"), "utf8")).toBe("one\n");
  });

  test("finds a conflict before it begins, also of changes made in the second of the checkout with the size kept", async () => {
    await worked({ one: { "b.txt": "1\n" }, two: { "b.txt": "2\n" } });
    const second = Math.floor(Date.now() / 1000);
    await expect.poll(() => Math.floor(Date.now() / 1000), { timeout: 10_000 }).toBeGreaterThan(second);
    const before = seen();
    expect(await landing(["one", "two"])).toMatchObject({
      steps: [{ instance: "one" }],
      conflict: { instance: "two" },
    });
    expect(seen()).toEqual(before);
  });

  test("moves nothing where a worktree is written to between the rehearsal and the landing, so that it conflicts", async () => {
    const paths = await worked({ one: { "a.txt": "one\n" }, two: { "n.txt": "n\n" } });
    const writing: Git = (place, words, options) => {
      if (words[0] === "commit") writeFileSync(join(paths["two"] ?? "", "a.txt"), "two\n");
      return rig.git(place, words, options);
    };
    const main = () => rig.as(rig.repository, "rev-parse", "main");
    const before = main();
    expect(await landing(["one", "two"], { git: writing })).toMatchObject({ conflict: { instance: "two" } });
    expect(main()).toBe(before);
    expect(await landing(["one", "two"], { keepConflict: true })).toMatchObject({ conflict: { instance: "two" } });
    expect(rig.as(rig.repository, "status", "--porcelain")).toContain("a.txt");
  });

  test("only says what would land in a dry run", async () => {
    await worked({ one: { "n.txt": "n\n" } });
    const before = seen();
    expect(await landing(["one"], { dryRun: true })).toMatchObject({
      steps: [{ instance: "one", is: "fast-forward", uncommitted: true }],
    });
    expect(seen()).toEqual(before);
  });

  test("goes into another branch without touching the work tree", async () => {
    await worked({ one: { "n.txt": "n\n" } });
    rig.as(rig.repository, "branch", "release");
    rig.commit({ "b.txt": "main goes on\n" });
    expect(await landing(["one"], { into: "release" })).toMatchObject({ into: "release" });
    expect(rig.as(rig.repository, "show", "release:n.txt")).toBe("n");
    expect(existsSync(join(rig.repository, "n.txt"))).toBe(false);
    expect(rig.as(rig.repository, "status", "--porcelain")).toBe("");
  });

  test("is refused where the target has changes, where a file would be overwritten, or there is no branch", async () => {
    await worked({ one: { "a.txt": "one\n", "n.txt": "n\n", "o.txt": "o\n" } });
    writeFileSync(join(rig.repository, "n.txt"), "precious\n");
    writeFileSync(join(rig.repository, "o.txt"), "precious too\n");
    expect(await landing(["one"])).toEqual({
      problem: expect.stringMatching(/^`main` could not be moved, and is as it was: .* by merge: n\.txt, o\.txt$/),
      hint: `move or remove what is in the way in \`${rig.repository}\``,
    });
    expect(readFileSync(join(rig.repository, "n.txt"), "utf8")).toBe("precious\n");
    writeFileSync(join(rig.repository, "b.txt"), "mine\n");
    expect(await landing(["one"])).toMatchObject({
      problem: expect.stringContaining("changes that are not committed"),
    });
    expect(await landing(["one"], { into: "nowhere" })).toMatchObject({
      problem: expect.stringContaining("no branch `nowhere`"),
      hint: expect.stringContaining("`git branch nowhere`"),
    });
    rig.as(rig.repository, "checkout", "-q", "--force", "--detach");
    expect(await landing(["one"])).toMatchObject({ problem: expect.stringContaining("is on no branch") });
  });

  test("is refused where an instance left what cannot be committed, or went elsewhere", async () => {
    const paths = await worked({ one: {}, two: {}, three: { "x.txt": "x\n" } });
    mkdirSync(join(paths["one"] ?? "", "inner"));
    rig.as(join(paths["one"] ?? "", "inner"), "init", "-q");
    rig.as(join(paths["one"] ?? "", "inner"), "commit", "-q", "--allow-empty", "-m", "inner");
    expect(await landing(["one"])).toMatchObject({
      problem: expect.stringContaining("a repository of its own in `inner`"),
    });
    rig.as(paths["two"] ?? "", "commit", "-q", "--allow-empty", "-m", "on its branch");
    rig.as(paths["two"] ?? "", "checkout", "-q", "--detach", "HEAD~1");
    expect(await landing(["two"])).toMatchObject({
      problem: expect.stringContaining("is on something else than its branch"),
    });
    rig.as(paths["three"] ?? "", "checkout", "-q", "-b", "its-own-idea");
    expect(await landing(["three"])).toMatchObject({ steps: [{ is: "fast-forward", uncommitted: true }] });
    expect(readFileSync(join(rig.repository, "x.txt"), "utf8")).toBe("x\n");
  });

  test("runs no merge driver and no hook of the repository", async () => {
    rig.commit({ ".gitattributes": "*.txt merge=evil\n" });
    await worked({ one: { "a.txt": "one\n2\n3\n4\n5\n" }, two: { "a.txt": "1\n2\n3\n4\ntwo\n" } });
    rig.as(rig.repository, "config", "merge.evil.driver", `touch '${rig.tree.at("sprung")}'`);
    for (const hook of ["pre-commit", "post-commit", "post-merge", "pre-merge-commit", "reference-transaction"]) {
      rig.tree.write({ [`repo/.git/hooks/${hook}`]: { program: `#!/bin/sh\ntouch '${rig.tree.at("sprung")}'\n` } });
    }
    expect(await landing(["one", "two"])).toMatchObject({ steps: [{ is: "fast-forward" }, { is: "merge" }] });
    expect(existsSync(rig.tree.at("sprung"))).toBe(false);
  });
});
