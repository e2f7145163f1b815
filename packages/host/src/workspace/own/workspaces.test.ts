import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitRig, worktree, type GitRig } from "../../testing/gitRig.ts";

let rig: GitRig;
beforeEach(() => (rig = createGitRig({ "a.txt": "a\n", "sub/b.txt": "b\n", ".gitignore": "node_modules/\n*.log\n" })));
afterEach(() => rig[Symbol.dispose]());

async function prepared(name = "a", isolation: Parameters<GitRig["assign"]>[0][string] = worktree) {
  const assigned = await rig.assign({ [name]: isolation });
  expect(assigned.problems).toEqual(new Map());
  const workspaces = rig.workspaces(assigned);
  const answer = await workspaces.prepare(rig.order(name));
  return { assigned, workspaces, answer, path: assigned.folders.get(name)?.path ?? "" };
}

describe("a worktree", () => {
  test("has its own branch and folder outside the repository, from HEAD as it was", async () => {
    const head = rig.as(rig.repository, "rev-parse", "HEAD");
    const { answer, path, workspaces } = await prepared("fix it");
    expect(answer).toEqual({
      kind: "worktree",
      path,
      base: head,
      branch: expect.stringMatching(/^orchestrator\/run_0000000001\/fix-it-[0-9a-f]{8}$/),
    });
    expect(path.startsWith(rig.tree.at("state/claude-orchestrator/worktrees/"))).toBe(true);
    expect(workspaces.cwdOf("fix it")).toBe(path);
    expect(readFileSync(join(path, "sub/b.txt"), "utf8")).toBe("b\n");
    expect(rig.as(path, "status", "--porcelain")).toBe("");
    expect(rig.as(rig.repository, "status", "--porcelain")).toBe("");
  });

  test("begins where `base` says, and its instance works in the same place of it", async () => {
    rig.as(rig.repository, "branch", "older");
    rig.commit({ "a.txt": "newer\n" });
    const assigned = await rig.assign({ a: { ...worktree, base: "older" } }, { cwd: join(rig.repository, "sub") });
    const workspaces = rig.workspaces(assigned);
    await workspaces.prepare(rig.order("a"));
    expect(workspaces.cwdOf("a")).toBe(join(assigned.folders.get("a")?.path ?? "", "sub"));
    expect(readFileSync(join(workspaces.cwdOf("a") ?? "", "../a.txt"), "utf8")).toBe("a\n");
  });

  test("is found again with the work in it, by whoever asks later", async () => {
    const { path } = await prepared();
    writeFileSync(join(path, "a.txt"), "work\n");
    writeFileSync(join(path, "new.txt"), "more work\n");
    rig.commit({ "a.txt": "moved on\n" });
    const again = await prepared();
    expect(again.path).toBe(path);
    expect(again.answer).toMatchObject({ kind: "worktree", path });
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("work\n");
    expect(readFileSync(join(path, "new.txt"), "utf8")).toBe("more work\n");
  });

  test("that lost its record is taken as it is", async () => {
    const { path } = await prepared();
    writeFileSync(join(path, "a.txt"), "work\n");
    rmSync(`${path}.json`);
    expect((await prepared()).answer).toMatchObject({ path });
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("work\n");
  });

  test("that was cut off while it was made is made to its end", async () => {
    const { path } = await prepared();
    const record = JSON.parse(readFileSync(`${path}.json`, "utf8")) as object;
    writeFileSync(`${path}.json`, JSON.stringify({ ...record, stage: "making" }));
    rmSync(join(path, "a.txt"));
    expect((await prepared()).answer).toMatchObject({ path });
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("a\n");
  });

  test("goes on with its branch where its folder was removed", async () => {
    const { path } = await prepared();
    writeFileSync(join(path, "c.txt"), "c\n");
    rig.as(path, "add", ".");
    rig.as(path, "commit", "-qm", "work");
    rig.as(rig.repository, "worktree", "remove", path);
    expect((await prepared()).answer).toMatchObject({ path });
    expect(readFileSync(join(path, "c.txt"), "utf8")).toBe("c\n");
  });

  test("is refused where its place was taken by a link or by something else", async () => {
    const { path } = await prepared();
    rig.as(rig.repository, "worktree", "remove", path);
    symlinkSync(rig.repository, path);
    expect((await prepared()).answer).toEqual({ problem: `\`${path}\` is not the folder that was made there` });
    rmSync(path);
    rig.tree.write({ "state/x": "" });
    symlinkSync(rig.tree.at("nowhere"), path);
    expect((await prepared()).answer).toHaveProperty("problem");
  });

  test("links what git ignores, so that it is in no commit and not in the way of others", async () => {
    rig.tree.write({ "repo/node_modules/x/index.js": "1", "repo/sub/node_modules/y": "2" });
    const { path, answer } = await prepared("a", { ...worktree, link: ["node_modules", "sub/node_modules"] });
    expect(answer).toMatchObject({ path });
    expect(readlinkSync(join(path, "node_modules"))).toBe(join(rig.repository, "node_modules"));
    expect(readFileSync(join(path, "sub/node_modules/y"), "utf8")).toBe("2");
    expect(rig.as(path, "status", "--porcelain", "--untracked-files=all")).toBe("");
    rig.as(path, "add", "--all");
    expect(rig.as(path, "diff", "--cached", "--name-only")).toBe("");
    expect(rig.as(rig.repository, "status", "--porcelain")).toBe("");
  });

  test.each([
    ["missing", "there is no such folder"],
    ["sub", "git does not ignore it"],
    ["outside", "there is no such folder"],
  ])("does not link %s", async (folder, why) => {
    symlinkSync(rig.tree.at("home"), join(rig.repository, "outside"));
    const { answer } = await prepared("a", { ...worktree, link: [folder] });
    expect(answer).toEqual({
      problem: expect.stringContaining(`\`${folder}\` (worktree.link) cannot be linked: ${why}`),
    });
  });

  test("runs its set-up in it, once, with the attempt's environment", async () => {
    const script = 'echo "$HOME" >> set-up.log; pwd -P >> set-up.log';
    const isolation = { ...worktree, setup: { kind: "script", script } } as const;
    const { path } = await prepared("a", isolation);
    await prepared("a", isolation);
    expect(readFileSync(join(path, "set-up.log"), "utf8")).toBe(`${rig.tree.at("home")}\n${path}\n`);
  });

  test("whose set-up fails says so, and tries again the next time", async () => {
    const setup = { kind: "command", argv: ["/bin/sh", "-c", "test -e ready || { echo not yet; exit 3; }"] } as const;
    const first = await prepared("a", { ...worktree, setup });
    expect(first.answer).toEqual({ problem: "its set-up (worktree.setup) failed: exit code 3: not yet" });
    writeFileSync(join(first.path, "ready"), "");
    expect((await prepared("a", { ...worktree, setup })).answer).toMatchObject({ kind: "worktree" });
  });

  test("has what changed on record: commits, edits, new files and lines, with the difference as text", async () => {
    const { path, workspaces } = await prepared();
    writeFileSync(join(path, "c.txt"), "1\n2\n3\n");
    rig.as(path, "add", ".");
    rig.as(path, "commit", "-qm", "work");
    writeFileSync(join(path, "a.txt"), "other\n");
    writeFileSync(join(path, "new.txt"), "x\n");
    writeFileSync(join(path, "ignored.log"), "x\n");
    rig.as(path, "mv", "sub/b.txt", "sub/renamed.txt");
    const order = rig.order("a");
    expect(await workspaces.record(order)).toEqual({
      commits: 1,
      files: 4,
      insertions: 5,
      deletions: 1,
      uncommitted: 4,
    });
    const diff = readFileSync(order.diffFile, "utf8");
    expect(diff).toContain("+other");
    expect(diff).toContain("rename to sub/renamed.txt");
    expect(diff).toContain("new.txt");
    expect(diff).not.toContain("ignored.log");
    expect(statSync(order.diffFile).mode & 0o777).toBe(0o600);
  });

  test("says why there can be none: no repository, no commit, no such base, a state folder inside", async () => {
    const { problems } = await rig.assign({ a: worktree, b: { ...worktree, base: "nope" } }, {});
    expect([...problems]).toEqual([
      [
        "b",
        {
          message: `\`nope\` (worktree.base) is no branch, tag or commit of \`${rig.repository}\``,
          hint: "fetch it, or name another",
        },
      ],
    ]);
    const inside = await rig.assign(
      { a: worktree, c: { kind: "copy" } },
      {},
      { XDG_STATE_HOME: join(rig.repository, "state") },
    );
    expect([...inside.problems.values()].map(({ hint }) => hint)).toEqual([
      "set XDG_STATE_HOME to a folder outside",
      "set XDG_STATE_HOME to a folder outside",
    ]);
    const outside = await rig.assign({ a: worktree }, { cwd: rig.tree.at("home") });
    expect(outside.problems.get("a")?.message).toContain("is in no git repository");
  });
});

describe("a folder is shared", () => {
  test("by the steps of a sequence and by the instances of a session, and by nobody else", async () => {
    const changes = (name: string) => {
      if (name.startsWith("steps.")) return { group: "steps" };
      return name === "later" ? { session: { id: "s", resume: true, follows: "sooner", clear: false } } : {};
    };
    const names = ["steps.1", "steps.2", "sooner", "later", "alone"];
    const { folders } = await rig.assign(Object.fromEntries(names.map((name) => [name, worktree])), changes);
    const owners = names.map((name) => folders.get(name)?.instance);
    expect(owners).toEqual(["steps.1", "steps.1", "sooner", "sooner", "alone"]);
    expect(folders.get("later")?.path).toBe(folders.get("sooner")?.path);
  });
});

describe("a copy", () => {
  test("holds all of the workspace but `.orchestrator`, and what changed in it is told", async () => {
    rig.tree.write({
      "repo/.orchestrator/runs/x": "log",
      "repo/untracked.txt": "u\n",
      "repo/inside": { link: join(rig.repository, "a.txt") },
      "repo/outside": { link: "/etc/hostname" },
      "repo/run.sh": { program: "#!/bin/sh\n" },
    });
    const { path, answer, workspaces } = await prepared("a", { kind: "copy" });
    expect(answer).toEqual({ kind: "copy", path, base: expect.stringMatching(/^[0-9a-f]{40}$/) });
    expect(existsSync(join(path, ".orchestrator"))).toBe(false);
    expect(readFileSync(join(path, "untracked.txt"), "utf8")).toBe("u\n");
    expect(readlinkSync(join(path, "inside"))).toBe(join(path, "a.txt"));
    expect(readlinkSync(join(path, "outside"))).toBe("/etc/hostname");
    expect(statSync(join(path, "run.sh")).mode & 0o100).toBe(0o100);
    writeFileSync(join(path, "inside"), "changed\n");
    expect(readFileSync(join(rig.repository, "a.txt"), "utf8")).toBe("a\n");
    const order = rig.order("a");
    expect(await workspaces.record(order)).toEqual({
      commits: 0,
      files: 1,
      insertions: 1,
      deletions: 1,
      uncommitted: 1,
    });
    expect(readFileSync(order.diffFile, "utf8")).toContain("+changed");
  });

  test("needs no repository, and is found again with the work in it", async () => {
    rmSync(join(rig.repository, ".git"), { recursive: true });
    const { path, workspaces } = await prepared("a", { kind: "copy" });
    writeFileSync(join(path, "a.txt"), "work\n");
    expect((await prepared("a", { kind: "copy" })).path).toBe(path);
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("work\n");
    expect(await workspaces.record(rig.order("a"))).toMatchObject({ files: 1 });
  });

  test("of a linked worktree has none of its repository: a commit in the copy cannot land in the original", async () => {
    rig.as(rig.repository, "worktree", "add", "-q", rig.tree.at("linked"));
    rmSync(rig.repository, { recursive: true, force: true, maxRetries: 0 });
    const linked = createGitRig();
    linked.as(linked.repository, "worktree", "add", "-q", linked.tree.at("linked"));
    const assigned = await linked.assign({ a: { kind: "copy" } }, { cwd: linked.tree.at("linked") });
    await linked.workspaces(assigned).prepare(linked.order("a"));
    const path = assigned.folders.get("a")?.path ?? "";
    expect(lstatSync(join(path, "a.txt")).isFile()).toBe(true);
    expect(existsSync(join(path, ".git"))).toBe(false);
    linked[Symbol.dispose]();
  });
});
