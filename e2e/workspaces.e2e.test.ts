import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";

const fleet = `defaults:
  isolation: worktree
instances:
  - { name: first, agent: command, run: [sh, -c, "echo first > a.txt; echo new > n.txt; pwd"] }
  - { name: second, agent: command, run: [sh, -c, "echo second > b.txt; git add . && git commit -qm 'by its agent'"], needs: first }
  - { name: idle, agent: command, run: [echo, nothing] }
  - { name: beside, agent: command, run: [pwd], isolation: none }
  - { name: copied, agent: command, run: [sh, -c, "echo copied >> a.txt"], isolation: copy }
  - name: steps
    agent: command
    run: [sh, -c, "true"]
    sequence:
      - { run: [sh, -c, "echo one > s.txt"] }
      - { run: [sh, -c, "echo two >> s.txt"] }
`;

function git(rig: Rig, ...words: readonly string[]): string {
  const env = { ...rig.environment, GIT_CONFIG_GLOBAL: join(dirname(rig.folder), "gitconfig") };
  return spawnSync("git", words, { cwd: rig.folder, env, encoding: "utf8" }).stdout.trim();
}

/** The rig's folder as a repository with one commit; agents know the person by their own settings. */
async function repositoryRig(config: string): Promise<Rig> {
  const rig = await createRig({ config, files: { "a.txt": "a\n", "b.txt": "b\n" } });
  const identity = "[user]\n\tname = Ada\n\temail = ada@example.org\n";
  writeFileSync(join(rig.environment["HOME"] ?? "", ".gitconfig"), identity);
  writeFileSync(join(dirname(rig.folder), "gitconfig"), identity);
  git(rig, "init", "--quiet", "--initial-branch=main");
  git(rig, "add", ".");
  git(rig, "commit", "--quiet", "--message", "first");
  return rig;
}

const worktreesOf = (rig: Rig): string =>
  join(rig.environment["HOME"] ?? "", ".local/state/claude-orchestrator/worktrees");

describe("instances that work apart", () => {
  test("change nothing in the workspace, tell what they changed, and land in graph order", async () => {
    await using rig = await repositoryRig(fleet);
    const run = await rig.run();
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(run.instance("beside").result).toBe(rig.folder);
    expect(run.instance("first").result?.startsWith(worktreesOf(rig))).toBe(true);
    expect(git(rig, "status", "--porcelain", "--untracked-files=no")).toBe("");

    const events = run.stdout.split("\n").filter((line) => line.includes('"workspace-'));
    expect(events.filter((line) => line.includes('"workspace-prepared"'))).toHaveLength(6);
    expect(events.find((line) => line.includes("recorded") && line.includes('"first"'))).toContain(
      '"changes":{"commits":0,"files":2,"insertions":2,"deletions":1,"uncommitted":2}',
    );

    const diff = await rig.command(["diff", "latest", "first"]);
    expect(diff.stdout).toContain("+first");
    expect((await rig.command(["diff", "latest", "first", "--stat"])).stdout).toBe(
      "a.txt  +1 -1\nn.txt  +1 -0\n2 files changed, +2 -1\n",
    );
    expect((await rig.command(["diff", "latest", "copied", "--stat"])).stdout).toContain("a.txt  +1 -0");
    expect((await rig.command(["diff", "latest", "beside"])).exitCode).toBe(2);

    const listed = JSON.parse((await rig.command(["worktrees", "list", "--json"])).stdout) as readonly {
      readonly instance: string;
      readonly safe_to_remove: boolean;
      readonly reasons: readonly string[];
    }[];
    expect(listed.map((each) => [each.instance, each.safe_to_remove, each.reasons[0] ?? ""])).toEqual([
      ["copied", false, "it is a copy: nobody can prove that nothing in it is wanted"],
      ["first", false, "1 changed, not committed"],
      ["second", false, "1 commit on no other branch"],
      ["steps.1", false, "1 new, not committed"],
    ]);

    const rehearsal = await rig.command(["merge", "latest", "--dry-run"]);
    expect(rehearsal.stdout).toContain("would land in main");
    expect(git(rig, "log", "--format=%s")).toBe("first");
    const merged = await rig.command(["merge", "latest"]);
    expect({ code: merged.exitCode, out: merged.stdout }).toEqual({
      code: 0,
      out: [
        "first: fast-forward, with what it left uncommitted",
        "second: merge",
        "steps.1: merge, with what it left uncommitted",
        "landed in main",
        "",
      ].join("\n"),
    });
    expect(rig.read("a.txt") + rig.read("b.txt") + rig.read("s.txt")).toBe("first\nsecond\none\ntwo\n");

    expect((await rig.command(["worktrees", "clean"])).stdout.match(/would remove/g)).toHaveLength(3);
    const cleaned = await rig.command(["worktrees", "clean", "--yes"]);
    expect(cleaned.stdout.match(/removed run_\w+ (?:first|second|steps\.1)$/gm)).toHaveLength(3);
    expect(git(rig, "branch", "--list", "orchestrator/*")).toBe("");
    expect(git(rig, "worktree", "list").split("\n")).toHaveLength(1);
  });

  test("stop at a conflict with nothing changed, and name both sides", async () => {
    await using rig = await repositoryRig(`defaults: {isolation: worktree, agent: command}
instances:
  - { name: left, run: [sh, -c, "echo left > a.txt"] }
  - { name: right, run: [sh, -c, "echo right > a.txt"] }
`);
    await rig.run();
    const before = git(rig, "for-each-ref");
    const merged = await rig.command(["merge", "latest"]);
    expect({ exitCode: merged.exitCode, stdout: merged.stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(merged.stderr).toContain("a.txt: right and left");
    expect(git(rig, "for-each-ref")).toBe(before);
    expect((await rig.command(["worktrees", "clean", "--yes"])).stdout).not.toContain("removed");
    expect((await rig.command(["merge", "latest", "right"])).exitCode).toBe(0);
    expect(rig.read("a.txt")).toBe("right\n");
  });

  test("land and are told apart by the name of their group", async () => {
    await using rig = await repositoryRig(`defaults: {isolation: worktree, agent: command}
instances:
  - name: each
    matrix: { part: [one, two, idle] }
    env: { PART: "\${{ matrix.part }}" }
    run: [sh, -c, 'test "$PART" = idle || echo "$PART" > "$PART.txt"']
  - { name: other, run: [sh, -c, "echo other > o.txt"] }
`);
    expect((await rig.run()).exitCode).toBe(0);
    const diff = await rig.command(["diff", "latest", "each"]);
    expect({ exitCode: diff.exitCode, stderr: diff.stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("`each (part=one)`, `each (part=two)`, `each (part=idle)`"),
    });
    const listed = await rig.command(["worktrees", "list"], { env: { COLUMNS: "400" } });
    expect(listed.stdout).toMatch(/each \(part=one\) .*uncommitted  /);
    expect(listed.stdout).not.toContain("merged");
    const merged = await rig.command(["merge", "latest", "each"]);
    expect({ code: merged.exitCode, end: merged.stdout.split("\n").at(-2) }).toEqual({
      code: 0,
      end: "landed in main",
    });
    expect(rig.read("one.txt") + rig.read("two.txt")).toBe("one\ntwo\n");
    expect(existsSync(join(rig.folder, "o.txt"))).toBe(false);
    expect((await rig.command(["worktrees", "list"], { env: { COLUMNS: "400" } })).stdout).toMatch(
      /each \(part=one\) .* merged  /,
    );
  });

  test("find their worktree again with the work in it at the next attempt, also after their supervisor was killed", async () => {
    await using rig = await repositoryRig(`instances:
  - name: again
    agent: command
    isolation: worktree
    run: [sh, -c, "echo x >> n.txt; touch going; until test -e go; do sleep 0.1; done"]
`);
    const program = rig.start();
    const isGoing = (): string | undefined =>
      existsSync(worktreesOf(rig))
        ? readdirSync(worktreesOf(rig), { recursive: true })
            .map(String)
            .find((name) => name.endsWith("/going"))
        : undefined;
    await expect.poll(isGoing, { timeout: 30_000 }).toBeDefined();
    const folder = dirname(join(worktreesOf(rig), isGoing() ?? ""));
    const early = await rig.command(["worktrees", "clean", "--ignored", "--yes"]);
    expect(early.stdout).toMatch(/^stays run_\w+ again: its run is going on; /);
    const tooEarly = await rig.command(["merge", "latest", "again"]);
    expect({ exitCode: tooEarly.exitCode, stderr: tooEarly.stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/`again` has not ended yet.*wait for it, or end it: `\S+ stop run_\w+ again`/s),
    });
    program.signal("SIGKILL");
    await program.ended;
    const cutOff = await rig.command(["worktrees", "clean", "--ignored", "--yes"]);
    expect(cutOff.stdout).toContain("its run has not ended and may be taken up again");
    expect((await rig.command(["merge", "latest", "again"])).stderr).toMatch(/`\S+ resume run_\w+` takes it up again/);
    writeFileSync(join(folder, "go"), "");
    expect((await rig.command(["resume", "latest"])).exitCode).toBe(0);
    // Taken over where it still ran, begun anew where it did not: in either case in the same place.
    const before = readFileSync(join(folder, "n.txt"), "utf8");
    expect(before).toMatch(/^(?:x\n){1,2}$/);
    expect((await rig.command(["retry", "latest", "again"])).exitCode).toBe(0);
    expect(readFileSync(join(folder, "n.txt"), "utf8")).toBe(`${before}x\n`);
    expect((await rig.command(["diff", "latest", "again", "--stat"])).stdout).toContain("n.txt");
  });

  test("are refused before anything starts where there is no repository, all at once and with what to write", async () => {
    await using rig = await createRig({
      config: "instances: [{name: a, agent: command, run: [pwd], isolation: worktree}]\n",
    });
    mkdirSync(join(rig.folder, "x"));
    const refused = await rig.command(["run", "fleet.yaml"]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("is in no git repository, and `isolation: worktree` needs one");
    expect(refused.stderr).toContain("isolation: copy");
    expect(rig.runs()).toEqual([]);
  });
});
