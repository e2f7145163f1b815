import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createGitRig, worktree, type GitRig } from "../../testing/gitRig.ts";
import { isWorktreeRecord, listRecords } from "./listRecords.ts";
import { removeUntouched, removeWorktree } from "./removeWorktree.ts";

/** One thing an agent, or the person, does; it may fail, as theirs do. */
type Deed = (rig: GitRig, path: string, number: number) => void;

const write =
  (name: string): Deed =>
  (_rig, path, number) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), `${name} ${number}\n`);
  };
const git =
  (...words: string[]): Deed =>
  (rig, path) =>
    rig.as(path, ...words);
const inRepository =
  (...words: string[]): Deed =>
  (rig) =>
    rig.as(rig.repository, ...words);

const deeds: Readonly<Record<string, Deed>> = {
  "write a tracked file": write("a.txt"),
  "write a new file": write("new/n.txt"),
  "write an ignored file": write("x.log"),
  "remove a tracked file": (_rig, path) => rmSync(join(path, "a.txt"), { force: true }),
  "stage all": git("add", "--all"),
  commit: git("commit", "--quiet", "--all", "--message", "work"),
  "commit nothing": git("commit", "--quiet", "--allow-empty", "--message", "nothing"),
  amend: git("commit", "--quiet", "--amend", "--allow-empty", "--message", "amended"),
  "reset away": git("reset", "--quiet", "--hard", "HEAD~1"),
  "reset softly": git("reset", "--quiet", "--soft", "HEAD~1"),
  detach: git("checkout", "--quiet", "--detach"),
  "other branch": (rig, path, number) => rig.as(path, "checkout", "--quiet", "-b", `side-${number}`),
  "back to its branch": (rig, path) => {
    const [branch] = rig.as(path, "branch", "--list", "orchestrator/*", "--format=%(refname:short)").split("\n");
    rig.as(path, "checkout", "--quiet", branch ?? "");
  },
  stash: git("stash", "--quiet", "--include-untracked"),
  "drop the stash": git("stash", "drop", "--quiet"),
  overlook: git("update-index", "--assume-unchanged", "a.txt"),
  "skip in the work tree": git("update-index", "--skip-worktree", "a.txt"),
  "nested repository": (rig, path, number) => {
    rig.as(path, "init", "--quiet", `inner-${number}`);
    writeFileSync(join(path, `inner-${number}`, "i.txt"), `${number}\n`);
    rig.as(join(path, `inner-${number}`), "add", ".");
    rig.as(join(path, `inner-${number}`), "commit", "--quiet", "--message", "inner");
  },
  "hide by a rule": (_rig, path) => writeFileSync(join(path, ".gitignore"), "*\n"),
  "hide by the shared rules": (rig) => rig.tree.write({ "repo/.git/info/exclude": "*.txt\n" }),
  "show no new files": git("config", "status.showUntrackedFiles", "no"),
  "move the main branch": inRepository("commit", "--quiet", "--allow-empty", "--message", "main"),
  "merge all": (rig) => {
    for (const branch of rig
      .as(rig.repository, "branch", "--list", "orchestrator/*", "--format=%(refname)")
      .split("\n")) {
      rig.as(rig.repository, "merge", "--quiet", "--no-edit", branch);
    }
  },
  "merge badly": git("merge", "--quiet", "--no-edit", "main"),
  "a tag": (rig, path, number) => rig.as(path, "tag", `t${number}`),
  "a private ref": git("update-ref", "refs/worktree/mine", "HEAD"),
};

const story = fc.array(
  fc.record({ who: fc.constantFrom("a", "b", "c"), what: fc.constantFrom(...Object.keys(deeds)) }),
  { minLength: 1, maxLength: 14 },
);

/** Two of three are surely safe to remove, where chance may choose none; and one that goes while another has its branch. */
const examples: [{ who: string; what: string }[]][] = [
  [[{ who: "a", what: "write a tracked file" }]],
  [
    [
      { who: "a", what: "detach" },
      { who: "c", what: "back to its branch" },
    ],
  ],
];

/** Names of everything that git or a folder holds: commits that a ref, a HEAD or a reflog knows, and the content of every file. */
function holdings(rig: GitRig): ReadonlySet<string> {
  const trees = rig.as(rig.repository, "worktree", "list", "--porcelain").split("\n");
  const paths = trees.flatMap((line) => (line.startsWith("worktree ") ? [line.slice("worktree ".length)] : []));
  const there = paths.filter((path) => existsSync(path));
  const found = new Set(
    rig.as(rig.repository, "rev-list", "--all", "--reflog", "--objects").split("\n").map(firstWord),
  );
  for (const path of there) {
    for (const line of rig.as(path, "rev-list", "HEAD", "--objects").split("\n")) found.add(firstWord(line));
    for (const line of rig.as(path, "ls-files", "--stage").split("\n")) found.add(line.split(" ")[1] ?? "");
    const files = filesIn(path);
    if (files.length > 0) for (const hash of hashes(rig, files)) found.add(hash);
  }
  found.delete("");
  return found;
}

const firstWord = (line: string): string => line.split(" ")[0] ?? "";

/** Work only: what is inside a `.git` is what the names above stand for, but for a repository within. */
function filesIn(folder: string, isTop = true): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === ".git" && isTop) return [];
    return lstatSync(path).isDirectory() ? filesIn(path, false) : [path];
  });
}

function hashes(rig: GitRig, files: readonly string[]): readonly string[] {
  const options = { env: rig.variables, encoding: "utf8", input: files.join("\n") } as const;
  return execFileSync("git", ["hash-object", "--no-filters", "--stdin-paths"], options).trim().split("\n");
}

test(
  "whatever was done in worktrees, removing what is safe loses no commit and no file",
  { timeout: 120_000 },
  async () => {
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        const rig = createGitRig({ "a.txt": "a\n", ".gitignore": "*.log\n" });
        try {
          const assigned = await rig.assign({ a: worktree, b: worktree, c: worktree });
          const workspaces = rig.workspaces(assigned);
          for (const name of ["a", "b", "c"]) await workspaces.prepare(rig.order(name));
          for (const [at, { who, what }] of steps.entries()) {
            try {
              deeds[what]?.(rig, assigned.folders.get(who)?.path ?? "", at);
            } catch {
              // A merge with conflicts, a stash of nothing: the story goes on from there.
            }
          }
          const before = holdings(rig);
          for (const folder of listRecords(rig.variables).filter(isWorktreeRecord)) {
            const isGone =
              (await removeUntouched(rig.git, folder)) ||
              (await removeWorktree(rig.git, folder, { ignored: false })) === undefined;
            if (isGone) removed += 1;
          }
          const after = holdings(rig);
          expect([...before].filter((each) => !after.has(each))).toEqual([]);
        } finally {
          rig[Symbol.dispose]();
        }
      }),
      { numRuns: 8, examples },
    );
    expect(removed).toBeGreaterThan(0);
  },
);
