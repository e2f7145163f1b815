import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, utimesSync } from "node:fs";
import type { Acceptance } from "@claude-orchestrator/domain";
import type { CheckContext, WorkspaceSnapshot } from "@claude-orchestrator/engine/ports";
import { describe, expect, test } from "vitest";
import { createClock } from "../clock.ts";
import { createProcessHost } from "../processes/processHost.ts";
import { createFileTree, type FileTree } from "../testing/fileTree.ts";
import { survivorsOf } from "../testing/hostRig.ts";
import { createCheckRunner, describeCheck } from "./checkRunner.ts";

const patient = { timeout: 60_000 };
const clock = createClock();
const runner = createCheckRunner({ host: createProcessHost(), clock });
const never = new Promise<never>(() => {});
let count = 0;

function contextOf(cwd: string, more: Partial<CheckContext> = {}): CheckContext {
  const marker = { name: "CHECK_TEST_MARK", value: `${process.pid}-${(count += 1)}` };
  return { cwd, marker, env: { PATH: process.env["PATH"] ?? "" }, timeoutMs: 60_000, cancelled: never, ...more };
}

async function check(asked: Acceptance, tree: FileTree, more: Partial<CheckContext> = {}) {
  return runner.run(asked, contextOf(tree.path, more));
}

describe("a command as a check", () => {
  test("holds when it exits with 0 in the instance's folder and environment", patient, async () => {
    using tree = createFileTree({ "package.json": "{}" });
    const script = 'test -f package.json && [ "$VALUE" = "a b" ] && [ -n "$CHECK_TEST_MARK" ]';
    const env = { PATH: process.env["PATH"] ?? "", VALUE: "a b" };
    expect(await check({ kind: "script", script }, tree, { env })).toEqual({
      check: `the script \`${script}\` exits 0`,
      ok: true,
      detail: "exit code 0",
    });
  });

  test("fails with its exit code and the last lines it printed", patient, async () => {
    using tree = createFileTree();
    const argv = ["/bin/sh", "-c", "for i in 1 2 3 4 5 6; do echo line $i; done; exit 3"];
    const { ok, detail } = await check({ kind: "command", argv }, tree);
    expect([ok, detail]).toEqual([false, "exit code 3: line 2 | line 3 | line 4 | line 5 | line 6"]);
  });

  test("fails with the reason when it cannot be started", patient, async () => {
    using tree = createFileTree();
    const { detail } = await check({ kind: "command", argv: ["/no/such/program"] }, tree);
    expect(detail).toBe("it could not be started: ENOENT");
  });

  test("is ended with everything it started when its time is up or the run is stopped", patient, async () => {
    using tree = createFileTree();
    const hang: Acceptance = { kind: "script", script: "setsid sleep 1000 & sleep 1000" };
    const slow = contextOf(tree.path, { timeoutMs: 300 });
    expect((await runner.run(hang, slow)).detail).toBe("it did not end within 300ms");
    const stopped = contextOf(tree.path, { cancelled: Promise.resolve() });
    expect((await runner.run(hang, stopped)).detail).toContain("the run is being stopped");
    for (const { marker } of [slow, stopped]) expect(survivorsOf(`${marker.name}=${marker.value}`)).toEqual([]);
  });
});

describe("a file as a check", () => {
  test("must exist inside the instance's folder", async () => {
    using tree = createFileTree({ "report.md": "done", out: { link: "/etc/passwd" } });
    const ask = async (path: string) => (await check({ kind: "file", path }, tree)).ok;
    expect(await ask("report.md")).toBe(true);
    expect(await ask(tree.at("report.md"))).toBe(true);
    for (const path of ["missing.md", "/etc/passwd", "../../etc/passwd", "out"]) expect(await ask(path)).toBe(false);
  });
});

describe("a pattern as a check", () => {
  test("is tried on the answer, or on a file", patient, async () => {
    using tree = createFileTree({ "log.txt": "12 tests PASSED\n" });
    const pattern = { kind: "pattern", pattern: "\\d+ tests passed", flags: "i" } as const;
    expect(await check(pattern, tree, { result: "all 7 tests passed" })).toMatchObject({
      ok: true,
      detail: "it matches",
    });
    expect(await check(pattern, tree, { result: "no" })).toMatchObject({ ok: false, detail: "no match" });
    expect(await check(pattern, tree)).toMatchObject({ ok: false, detail: "there is no answer to look at" });
    expect((await check({ ...pattern, path: "log.txt" }, tree)).ok).toBe(true);
  });

  test("that would take years is given up, and nothing waits for it meanwhile", patient, async () => {
    using tree = createFileTree();
    const bomb: Acceptance = { kind: "pattern", pattern: "^(a+)+$", flags: "" };
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const { ok, detail } = await check(bomb, tree, { result: `${"a".repeat(60)}!`, timeoutMs: 1_000 });
    clearInterval(timer);
    expect([ok, detail]).toEqual([false, "the pattern was given up after 1 s: it takes too long"]);
    expect(ticks).toBeGreaterThan(5);
  });
});

describe("a JSON schema as a check", () => {
  const schema = { type: "object", required: ["n"], properties: { n: { type: "number" } } };
  const asked: Acceptance = { kind: "json_schema", schema };

  test("is held against the structured output, else the answer read as JSON, else a file", async () => {
    using tree = createFileTree({ "out.json": '{"n":"two"}' });
    expect(await check(asked, tree, { structured: { n: 1 } })).toMatchObject({ ok: true, detail: "it fits" });
    expect((await check(asked, tree, { result: '{"n": 2}' })).ok).toBe(true);
    expect((await check(asked, tree, { result: '```json\n{"n": 2}\n```' })).ok).toBe(true);
    expect(await check({ ...asked, path: "out.json" }, tree)).toMatchObject({ ok: false, detail: "/n must be number" });
  });

  test("fails in words where there is no JSON, or the schema is none", async () => {
    using tree = createFileTree();
    expect((await check(asked, tree, { result: "I am done" })).detail).toContain("it is not JSON");
    const broken = { kind: "json_schema", schema: { type: "nonsense" } } as const;
    expect((await check(broken, tree, { structured: 1 })).detail).toContain("the schema cannot be read");
  });

  test("may say which draft it is written in", async () => {
    using tree = createFileTree();
    for (const draft of ["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"]) {
      const dated: Acceptance = { kind: "json_schema", schema: { $schema: draft, ...schema } };
      expect((await check(dated, tree, { structured: { n: 1 } })).ok).toBe(true);
    }
  });
});

describe("a changed workspace as a check", () => {
  const asked: Acceptance = { kind: "workspace_changed" };
  test("says no more than it knows: that, not by whom", () => {
    expect(describeCheck(asked)).toBe("the workspace changed while it ran");
  });

  const changedSince = async (before: WorkspaceSnapshot, tree: FileTree) => (await check(asked, tree, { before })).ok;
  const git = (tree: FileTree, ...words: readonly string[]): void => {
    const who = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    execFileSync("git", [...who, ...words], { cwd: tree.path, env: { PATH: process.env["PATH"] }, stdio: "ignore" });
  };

  test.for([{ kind: "a git work tree" }, { kind: "a plain folder" }])(
    "sees contents, not times, in $kind",
    patient,
    async ({ kind }) => {
      using tree = createFileTree({ "a.txt": "one", "deep/b.txt": "two", ".orchestrator/runs/log": "1" });
      if (kind === "a git work tree") {
        git(tree, "init", "-q");
        git(tree, "add", "a.txt");
        git(tree, "commit", "-qm", "first");
      }
      const before = await runner.snapshot(tree.path);
      expect(await changedSince(before, tree)).toBe(false);
      utimesSync(tree.at("a.txt"), new Date(), new Date());
      tree.write({ ".orchestrator/runs/log": "22" });
      expect(await changedSince(before, tree)).toBe(false);
      tree.write({ "a.txt": "ONE" });
      expect(await changedSince(before, tree)).toBe(true);
      tree.write({ "a.txt": "one" });
      expect(await changedSince(before, tree)).toBe(false);
      chmodSync(tree.at("a.txt"), 0o755);
      expect(await changedSince(before, tree)).toBe(true);
      chmodSync(tree.at("a.txt"), 0o644);
      tree.write({ "deep/new.txt": "" });
      expect(await changedSince(before, tree)).toBe(true);
    },
  );

  test("in a git work tree leaves ignored files out and counts a commit", patient, async () => {
    using tree = createFileTree({ ".gitignore": "dist\n", "a.txt": "one" });
    git(tree, "init", "-q");
    git(tree, "add", ".");
    const before = await runner.snapshot(tree.path);
    tree.write({ "dist/built.js": "x" });
    expect(await changedSince(before, tree)).toBe(false);
    git(tree, "commit", "-qm", "first");
    expect(await changedSince(before, tree)).toBe(true);
  });

  test("runs none of the programs that the repository's own settings name", patient, async () => {
    using tree = createFileTree({ "a.txt": "one", ".gitattributes": "* filter=evil\n" });
    git(tree, "init", "-q");
    git(tree, "add", ".gitattributes");
    const evil = `touch "${tree.at("pwned")}"; cat`;
    for (const name of [
      "core.fsmonitor",
      "filter.evil.clean",
      "filter.evil.process",
      "core.sshCommand",
      "core.pager",
    ]) {
      git(tree, "config", name, evil);
    }
    tree.write({ ".git/hooks/post-index-change": { program: `#!/bin/sh\n${evil}\n` } });
    await runner.snapshot(tree.path);
    expect(existsSync(tree.at("pwned"))).toBe(false);
  });

  test("cannot be told without a snapshot, and is not called changed then", async () => {
    using tree = createFileTree();
    expect(await check(asked, tree)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("could not be compared"),
    });
    expect(await runner.snapshot("/no/such/folder")).toEqual({ digest: "" });
  });
});
