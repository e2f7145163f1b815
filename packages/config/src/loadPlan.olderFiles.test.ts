import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planOf } from "./testing/loading.ts";

const folder = join(import.meta.dirname, "../fixtures/older");
const older = (name: string) => planOf(readFileSync(join(folder, name), "utf8"), { fileName: name });

describe("a file of the older program", () => {
  test("is kept as it was written, line ends and tabs included", () => {
    expect(readFileSync(join(folder, "tabs.json"), "utf8")).toMatch(/\r\n\t/);
  });

  test.each(readdirSync(folder))("%s works", (name) => {
    expect(older(name).instances.length).toBeGreaterThan(0);
  });

  test("with one command alone gets the defaults it had, but asks for permission, and says so", () => {
    const { instances, notices } = older("minimal.json");
    expect(instances).toMatchObject([
      {
        name: "/help",
        description: "Execute /help",
        agent: "claude",
        work: { kind: "prompt", text: "/help", before: [] },
        commandKey: "/help",
        outputFormat: "stream-json",
        permissionMode: "default",
      },
    ]);
    expect(notices).toEqual([
      '`/help` does not say `permission_mode`: the older program let them do everything, here they run with `default`; to allow everything again write `"permission_mode": "bypassPermissions"` in each',
    ]);
  });

  test("keeps every field it gives, and is told nothing where nothing changed", () => {
    const { instances, notices } = older("commitGardener.json");
    expect(instances).toMatchObject([
      {
        name: "commit-gardener",
        description: "Keeps the history readable",
        work: { kind: "prompt", text: "/tidy-commits; leave the results file alone", before: [] },
        commandKey: "/tidy-commits",
        allowedTools: ["Task", "Read", "Glob", "Grep", "Bash"],
        permissionMode: "acceptEdits",
        session: { resume: false, clear: true },
      },
    ]);
    expect(notices).toEqual([]);
  });

  test("ignores its notes, compacts first, and takes a leading /clear as clearing the session", () => {
    const { instances, limits, notices } = older("dataStudy.json");
    expect(instances.map(({ name, work, session }) => [name, work.kind === "prompt" && work.before, session])).toEqual([
      [
        "collector",
        ["/compact", "Set context: I assess data quality"],
        { id: "collecting", resume: false, clear: true },
      ],
      [
        "statistician",
        ["/compact", "Set context: descriptive statistics"],
        { id: "statistics", resume: false, clear: false },
      ],
      ["reporter", [], { id: "reporting", resume: false, clear: false }],
    ]);
    expect(limits).toEqual(
      [8000, 12000, 15000].map((limit, at) => ({
        scope: { kind: "instance", instance: instances[at]?.name },
        unit: "tokens",
        limit,
        enforcement: "warn",
      })),
    );
    expect(notices).toHaveLength(2);
  });

  test("runs the instances of one session one after the other, each continuing it", () => {
    expect(
      older("sharedSession.json").instances.map(({ name, needs, session }) => [name, needs, session.resume]),
    ).toEqual([
      ["ingest", [], false],
      ["transform", [{ instance: "ingest", when: "always" }], true],
      ["validate", [{ instance: "transform", when: "always" }], true],
    ]);
  });

  test("loses no work to a name that stands twice", () => {
    const { instances, notices } = older("duplicateNames.json");
    expect(instances.map((instance) => instance.name)).toEqual(["tests", "tests 3", "tests 2"]);
    expect(notices).toContain(
      "The name `tests` stands twice: the second is called `tests 3` here, where it would have replaced the first",
    );
  });

  test("loses no work to commands or beginnings of prompts that are the same", () => {
    expect(older("sameCommands.json").instances.map((instance) => instance.name)).toEqual([
      "/review",
      "/review 2",
      "Explain the architecture of th...",
      "Explain the architecture of th... 2",
    ]);
  });

  test("has its token budgets, by command without the arguments", () => {
    const { limits, hideBudgets } = older("tokenBudget.json");
    expect(limits).toEqual([
      { scope: { kind: "run" }, unit: "tokens", limit: 50_000, enforcement: "block" },
      { scope: { kind: "command", command: "/analyze" }, unit: "tokens", limit: 20_000, enforcement: "block" },
      { scope: { kind: "command", command: "/test" }, unit: "tokens", limit: 10_000, enforcement: "block" },
    ]);
    expect(hideBudgets).toBe(true);
  });

  test("has tokens and dollars limited at once, each in its own unit", () => {
    expect(older("mixedBudget.json").limits).toEqual([
      { scope: { kind: "run" }, unit: "tokens", limit: 100_000, enforcement: "warn" },
      { scope: { kind: "run" }, unit: "cost_usd", limit: 2.5, enforcement: "warn" },
      { scope: { kind: "command", command: "/analyze" }, unit: "tokens", limit: 30_000, enforcement: "warn" },
      { scope: { kind: "command", command: "/analyze" }, unit: "cost_usd", limit: 1.25, enforcement: "warn" },
      { scope: { kind: "instance", instance: "/analyze src" }, unit: "tokens", limit: 5_000, enforcement: "warn" },
    ]);
  });

  test("is asked its command where it has a prompt too", () => {
    const { instances, notices } = older("bothTexts.json");
    expect(instances[0]?.work).toEqual({ kind: "prompt", text: "/deploy staging", before: [] });
    expect(notices).toContain("`both` has both `command` and `prompt`: the command is what is asked");
  });

  test("may hold top-level keys that nobody reads, and is told which", () => {
    const { workspace, notices } = older("workspaceKey.json");
    expect(workspace).toBe("/home/ada/project");
    expect(notices.filter((notice) => notice.includes("is ignored"))).toHaveLength(2);
  });

  test("keeps ${{ }} in its prompts as text", () => {
    expect(older("actionsPrompt.json").instances[0]?.work).toEqual({
      kind: "prompt",
      text: "Why does `$${{ secrets.TOKEN }}` stay empty in our workflow?",
      before: ["Read .github/workflows; look for $${{ env.X }}"],
    });
  });

  test("may write its tools as one text", () => {
    expect(older("toolsAsText.json").instances[0]?.allowedTools).toEqual([
      "Read",
      "Bash(git log:*, git show:*)",
      "Grep",
    ]);
  });
});
