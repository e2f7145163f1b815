import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClock } from "../../clock.ts";
import { createProcessHost } from "../../processes/processHost.ts";
import { createGitRig, worktree, type GitRig } from "../../testing/gitRig.ts";
import { createGit } from "../git/git.ts";
import { createWorkspaces } from "./createWorkspaces.ts";
import { safeName } from "./ownFolder.ts";

let rig: GitRig;
beforeEach(() => (rig = createGitRig()));
afterEach(() => rig[Symbol.dispose]());

/** The program that a hostile setting names: it leaves a mark and passes what it is given on. */
function trap(): string {
  rig.tree.write({ "trap.sh": { program: `#!/bin/sh\necho "$0 $*" >> '${rig.tree.at("sprung")}'\ncat\n` } });
  return `'${rig.tree.at("trap.sh")}'`;
}

const sprung = (): string => (existsSync(rig.tree.at("sprung")) ? readFileSync(rig.tree.at("sprung"), "utf8") : "");

const hooks = [
  "post-checkout",
  "post-index-change",
  "pre-commit",
  "post-commit",
  "reference-transaction",
  "post-merge",
];

/** Everything in a repository's settings that could run a program while we work in it. */
function settings(program: string): readonly (readonly [string, string])[] {
  return [
    ["core.fsmonitor", program],
    ["core.sshCommand", program],
    ["core.pager", program],
    ["core.editor", program],
    ["core.alternateRefsCommand", program],
    ["core.attributesFile", rig.tree.at("attributes")],
    ["credential.helper", `!${program}`],
    ["diff.external", program],
    ["diff.evil.textconv", program],
    ["diff.evil.command", program],
    ["merge.evil.driver", `${program} %A`],
    ["merge.default", "evil"],
    ["filter.evil.clean", program],
    ["filter.evil.smudge", program],
    ["filter.evil.required", "true"],
    ["filter.e=v.i l.process", program],
    ["filter.e=v.i l.smudge", program],
    ["filter.lfs.smudge", program],
    ["filter.lfs.process", program],
    ["gpg.program", program],
    ["commit.gpgSign", "true"],
    ["alias.worktree", `!${program}`],
    ["submodule.recurse", "true"],
    ["uploadpack.packObjectsHook", program],
  ];
}

function poison(): void {
  const program = trap();
  rig.tree.write({ attributes: "* diff=evil\n" });
  rig.commit({
    ".gitattributes": '*.txt filter=evil merge=evil diff=evil\n*.bin filter="e=v.i l"\n*.lfs filter=lfs\n',
  });
  rig.commit({ "b.bin": "bin", "c.lfs": "large", "a.txt": "plain\n" });
  for (const hook of hooks) {
    rig.tree.write({ [`repo/.git/hooks/${hook}`]: { program: `#!/bin/sh\nexec ${program} ${hook}\n` } });
  }
  for (const [key, value] of settings(program)) rig.as(rig.repository, "config", key, value);
  rmSync(rig.tree.at("sprung"), { force: true });
}

describe("a repository whose settings run programs", () => {
  test("runs none of them while a worktree is made and what changed in it is told", async () => {
    poison();
    const assigned = await rig.assign({ a: worktree });
    const workspaces = rig.workspaces(assigned);
    const answer = await workspaces.prepare(rig.order("a"));
    expect(answer).toMatchObject({ kind: "worktree" });
    const path = assigned.folders.get("a")?.path ?? "";
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("plain\n");
    expect(readFileSync(join(path, "b.bin"), "utf8")).toBe("bin");
    writeFileSync(join(path, "a.txt"), "changed\n");
    writeFileSync(join(path, "new.bin"), "new");
    expect(await workspaces.record(rig.order("a"))).toMatchObject({ files: 2, uncommitted: 2 });
    expect(sprung()).toBe("");
    // The traps are real: git as people run it falls into them.
    rig.as(path, "status");
    expect(sprung()).not.toBe("");
  });

  test("runs none of them where an agent leads its `.git` to a repository of its own making", async () => {
    const assigned = await rig.assign({ a: worktree });
    const workspaces = rig.workspaces(assigned);
    await workspaces.prepare(rig.order("a"));
    const path = assigned.folders.get("a")?.path ?? "";
    rig.as(rig.tree.at("home"), "init", "-q", "evil");
    rig.as(rig.tree.at("home/evil"), "config", "core.fsmonitor", trap());
    writeFileSync(join(path, ".git"), `gitdir: ${rig.tree.at("home/evil/.git")}\n`);
    expect(await workspaces.record(rig.order("a"))).toBeUndefined();
    expect(await workspaces.prepare(rig.order("a"))).toHaveProperty("problem");
    expect(sprung()).toBe("");
  });

  test("has submodules from its own copies only, never from an address that runs a program", async () => {
    const other = rig.tree.at("home/other");
    rig.as(rig.tree.at("home"), "init", "-q", "other");
    writeFileSync(join(other, "s.txt"), "s\n");
    rig.as(other, "add", ".");
    rig.as(other, "commit", "-qm", "s");
    rig.as(rig.repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "lib");
    const program = trap();
    rig.commit({
      ".gitmodules": `[submodule "lib"]\n\tpath = lib\n\turl = ext::sh -c ${program}\n\tupdate = checkout\n`,
    });
    rig.as(rig.repository, "config", "submodule.lib.url", `ext::sh -c ${program}`);
    rig.as(rig.repository, "config", "submodule.lib.update", `!${program}`);
    rmSync(rig.tree.at("sprung"), { force: true });
    const assigned = await rig.assign({ a: { ...worktree, submodules: true } });
    const workspaces = rig.workspaces(assigned);
    expect(await workspaces.prepare(rig.order("a"))).toMatchObject({ kind: "worktree" });
    expect(readFileSync(join(assigned.folders.get("a")?.path ?? "", "lib/s.txt"), "utf8")).toBe("s\n");
    expect(sprung()).toBe("");
  });

  test("has no submodule where a name leads out of its copies", async () => {
    const commit = rig.as(rig.repository, "rev-parse", "HEAD");
    rig.as(rig.repository, "update-index", "--add", "--cacheinfo", `160000,${commit},lib`);
    writeFileSync(join(rig.repository, ".gitmodules"), '[submodule "../../home/evil"]\n\tpath = lib\n\turl = x\n');
    rig.as(rig.tree.at("home"), "init", "-q", "--bare", "evil");
    rig.as(rig.repository, "add", ".gitmodules");
    rig.as(rig.repository, "commit", "-qm", "sub");
    symlinkSync(rig.tree.at("home"), join(rig.repository, ".git/modules"));
    const assigned = await rig.assign({ a: { ...worktree, submodules: true } });
    const answer = await rig.workspaces(assigned).prepare(rig.order("a"));
    expect(answer).toEqual({ problem: expect.stringContaining("has no copy of its submodule `../../home/evil`") });
  });
});

describe("Git LFS", () => {
  /** Worktrees as they are made where this stands for git-lfs, and what it was asked for. */
  async function withLargeFiles(): Promise<string> {
    const log = rig.tree.at("lfs.log");
    rig.tree.write({ "bin/git-lfs": { program: `#!/bin/sh\necho "$*" >> '${log}'\ncat\n` } });
    rig.commit({ ".gitattributes": "*.lfs filter=lfs\n", "c.lfs": "pointer\n" });
    // What a person's own git fell into while it committed is not ours.
    rmSync(rig.tree.at("sprung"), { force: true });
    const git = createGit({ ...rig.variables, PATH: `${rig.tree.at("bin")}:${rig.variables["PATH"] ?? ""}` });
    const assigned = await rig.assign({ a: worktree });
    const workspaces = createWorkspaces({ assigned, git, host: createProcessHost(), clock: createClock() });
    expect(await workspaces.prepare(rig.order("a"))).toMatchObject({ kind: "worktree" });
    writeFileSync(join(assigned.folders.get("a")?.path ?? "", "c.lfs"), "large\n");
    expect(await workspaces.record(rig.order("a"))).toMatchObject({ files: 1 });
    return existsSync(log) ? readFileSync(log, "utf8") : "";
  }

  const setUp = (): void => {
    rig.as(rig.repository, "config", "--global", "filter.lfs.clean", "git-lfs clean -- %f");
  };

  test("is run by our words where the person has set it up, and never to download", async () => {
    setUp();
    rig.as(rig.repository, "config", "filter.lfs.smudge", trap());
    rig.as(rig.repository, "config", "filter.lfs.clean", trap());
    const asked = await withLargeFiles();
    expect(asked).toContain("smudge --skip -- c.lfs\n");
    expect(asked).toContain("clean -- c.lfs\n");
    expect(sprung()).toBe("");
  });

  test("is not run where only the repository asks for it, or hangs a program of its own into it", async () => {
    rig.as(rig.repository, "config", "filter.lfs.clean", "git-lfs clean -- %f");
    expect(await withLargeFiles()).toBe("");
    rig[Symbol.dispose]();
    rig = createGitRig();
    setUp();
    rig.as(rig.repository, "config", "lfs.extension.evil.clean", trap());
    expect(await withLargeFiles()).toBe("");
  });
});

const nasty = [
  "$(touch pwn)",
  "-rf",
  "--upload-pack=x",
  "a\nb",
  ":",
  ":(top)x",
  "..",
  ".",
  "",
  ".lock",
  "a.lock",
  "@{-1}",
  "HEAD",
  "CON",
  "ä",
  "'; touch pwn; '",
  "a/../../b",
  "x".repeat(200),
];

describe("a name whatever", () => {
  test("gives a branch and a folder that are neither options, paths nor programs", async () => {
    const assigned = await rig.assign(Object.fromEntries(nasty.map((name) => [name, worktree])));
    const workspaces = rig.workspaces(assigned);
    for (const name of nasty) {
      expect([name, await workspaces.prepare(rig.order(name))]).toEqual([
        name,
        expect.objectContaining({ kind: "worktree" }),
      ]);
    }
    const branches = rig.as(rig.repository, "branch", "--list", "orchestrator/*", "--format=%(refname)").split("\n");
    expect(branches).toHaveLength(nasty.length);
    expect(existsSync(rig.tree.at("repo/pwn"))).toBe(false);
    rig.as(rig.repository, "fsck", "--strict");
  });

  test("is safe, short, and apart from every other, also where case does not count", () => {
    const name = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom("a", "A", "a-b", "a b", "a_b", "con", "NUL", "com1", ...nasty),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), (names) => {
        const made = names.map((each) => safeName(each));
        for (const each of made) expect(each).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/);
        for (const each of made) expect(each).not.toMatch(/^(?:aux|con|nul|prn|com\d|lpt\d)$/i);
        expect(new Set(made.map((each) => each.toLowerCase())).size).toBe(names.length);
      }),
    );
  });
});

test("twenty instances at once, asked for from two sides that know nothing of one another, meet no lock", async () => {
  rig.commit(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}.txt`, `${at}\n`])));
  const names = Array.from({ length: 20 }, (_, at) => `instance-${at}`);
  const assigned = await rig.assign(Object.fromEntries(names.map((name) => [name, worktree])));
  const halves = [rig.workspaces(assigned), rig.workspaces(assigned)];
  const answers = await Promise.all(names.map(async (name, at) => halves[at % 2]?.prepare(rig.order(name))));
  expect(answers.filter((answer) => answer === undefined || "problem" in answer)).toEqual([]);
  const changed = await Promise.all(
    names.map(async (name, at) => {
      writeFileSync(join(assigned.folders.get(name)?.path ?? "", "f1.txt"), `${name}\n`);
      return halves[at % 2]?.record(rig.order(name));
    }),
  );
  expect(changed.every((each) => each?.files === 1)).toBe(true);
  expect(rig.as(rig.repository, "worktree", "list").split("\n")).toHaveLength(21);
});
