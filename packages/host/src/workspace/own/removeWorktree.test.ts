import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitRig, worktree, type GitRig } from "../../testing/gitRig.ts";
import { isWorktreeRecord, listRecords } from "./listRecords.ts";
import { inspectWorktree, removeUntouched, removeWorktree } from "./removeWorktree.ts";

let rig: GitRig;
beforeEach(() => (rig = createGitRig({ "a.txt": "a\n", ".gitignore": "*.log\n" })));
afterEach(() => rig[Symbol.dispose]());

async function made(setup?: string) {
  const isolation = setup === undefined ? worktree : { ...worktree, setup: { kind: "script", script: setup } as const };
  const assigned = await rig.assign({ a: isolation });
  await rig.workspaces(assigned).prepare(rig.order("a"));
  const [record] = listRecords(rig.variables).filter(isWorktreeRecord);
  if (record === undefined) throw new Error("nothing was made");
  const remove = (ignored = false) => removeWorktree(rig.git, record, { ignored });
  return { ...record, remove, in: (...words: string[]) => rig.as(record.path, ...words) };
}

describe("a worktree nothing was done in", () => {
  test("goes with its branch at the end of the run", async () => {
    const folder = await made();
    expect(await removeUntouched(rig.git, folder)).toBe(true);
    expect(existsSync(folder.path)).toBe(false);
    expect(existsSync(folder.recordFile)).toBe(false);
    expect(rig.as(rig.repository, "branch", "--list", "orchestrator/*")).toBe("");
    expect(rig.as(rig.repository, "worktree", "list").split("\n")).toHaveLength(1);
  });

  test("goes also where its set-up left what git ignores, but not where its agent did", async () => {
    const folder = await made("touch made.log");
    writeFileSync(join(folder.path, "agent.log"), "x");
    expect(await removeUntouched(rig.git, folder)).toBe(false);
    expect(await folder.remove()).toBe("ignored by git: agent.log");
    expect(await folder.remove(true)).toBeUndefined();
    const other = await made("touch made.log");
    expect(await removeUntouched(rig.git, other)).toBe(true);
  });
});

describe("a worktree with work in it stays, and says why", () => {
  test.each<readonly [string, (folder: Awaited<ReturnType<typeof made>>) => void, string]>([
    ["a change", ({ path }) => writeFileSync(join(path, "a.txt"), "b"), "1 changed, not committed"],
    ["a new file", ({ path }) => writeFileSync(join(path, "n.txt"), "b"), "1 new, not committed"],
    [
      "a change that the index was told to overlook",
      (folder) => {
        folder.in("update-index", "--assume-unchanged", "a.txt");
        writeFileSync(join(folder.path, "a.txt"), "overlooked\n");
      },
      "its files are not as committed, though its index says so",
    ],
    [
      "a new file, with the settings told not to show any",
      (folder) => {
        folder.in("config", "status.showUntrackedFiles", "no");
        writeFileSync(join(folder.path, "n.txt"), "b");
      },
      "1 new, not committed",
    ],
    [
      "a commit",
      (folder) => {
        folder.in("commit", "-q", "--allow-empty", "-m", "work");
      },
      "1 commit on no other branch",
    ],
    [
      "a commit on no branch at all",
      (folder) => {
        folder.in("checkout", "-q", "--detach");
        folder.in("commit", "-q", "--allow-empty", "-m", "work");
      },
      "1 commit on no other branch",
    ],
    [
      "a merge under way",
      (folder) => {
        folder.in("checkout", "-qb", "side", "HEAD");
        folder.in("commit", "-q", "--allow-empty", "-m", "side");
        folder.in("checkout", "-q", "-");
        folder.in("merge", "--no-ff", "--no-commit", "-q", "side");
      },
      "a merge is under way",
    ],
    [
      "a repository of its own in an ignored folder",
      (folder) => {
        mkdirSync(join(folder.path, "x.log"));
        folder.in("init", "-q", "x.log/inner");
      },
      "ignored by git: x.log/; x.log/inner is a repository of its own",
    ],
  ])("%s", async (_what, work, why) => {
    const folder = await made();
    work(folder);
    expect(await removeUntouched(rig.git, folder)).toBe(false);
    expect(await folder.remove()).toBe(why);
    expect(existsSync(folder.path)).toBe(true);
  });

  test("its place was taken by a link: what the link leads to is not touched", async () => {
    const folder = await made();
    renameSync(folder.path, `${folder.path}-moved`);
    rig.tree.write({ "home/precious.txt": "precious" });
    symlinkSync(rig.tree.at("home"), folder.path);
    expect(await folder.remove(true)).toBe("what is there is not the worktree that was made");
    expect(readFileSync(rig.tree.at("home/precious.txt"), "utf8")).toBe("precious");
  });
});

describe("a worktree whose work is elsewhere too", () => {
  test("goes once its branch is merged, with its links unlinked and not followed", async () => {
    const folder = await made();
    writeFileSync(join(folder.path, "n.txt"), "new\n");
    folder.in("add", ".");
    folder.in("commit", "-qm", "work");
    rig.as(rig.repository, "merge", "-q", folder.record.branch);
    rig.tree.write({ "home/precious.txt": "precious" });
    symlinkSync(rig.tree.at("home"), join(folder.path, "linked.log"));
    expect(await folder.remove(true)).toBeUndefined();
    expect(existsSync(folder.path)).toBe(false);
    expect(readFileSync(rig.tree.at("home/precious.txt"), "utf8")).toBe("precious");
    expect(rig.as(rig.repository, "branch", "--list", "orchestrator/*")).toBe("");
  });

  test("leaves commits that were amended away where they can be found", async () => {
    const folder = await made();
    folder.in("commit", "-q", "--allow-empty", "-m", "first words");
    const amended = folder.in("rev-parse", "HEAD");
    folder.in("commit", "-q", "--amend", "--allow-empty", "-m", "better words");
    rig.as(rig.repository, "merge", "-q", folder.record.branch);
    expect((await inspectWorktree(rig.git, folder, { ignored: false })).facts?.hidden).toEqual([amended]);
    expect(await folder.remove()).toBeUndefined();
    expect(rig.as(rig.repository, "for-each-ref", "--format=%(objectname)", "refs/orchestrator/kept")).toBe(amended);
  });

  test("is told apart: what is pushed, and what is not", async () => {
    rig.as(rig.tree.at("home"), "init", "-q", "--bare", "origin.git");
    rig.as(rig.repository, "remote", "add", "origin", rig.tree.at("home/origin.git"));
    rig.as(rig.repository, "push", "-q", "origin", "main");
    const folder = await made();
    folder.in("commit", "-q", "--allow-empty", "-m", "work");
    const facts = async () => (await inspectWorktree(rig.git, folder, { ignored: false })).facts;
    expect(await facts()).toMatchObject({ unmerged: 1, unpushed: 1 });
    folder.in("push", "-q", "origin", "HEAD:refs/heads/work");
    expect(await facts()).toMatchObject({ unmerged: 0, unpushed: 0 });
    expect(await folder.remove()).toBeUndefined();
  });
});
