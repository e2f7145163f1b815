import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

/** As the ancestor's own examples are written: notes as keys, one name twice, a session that is no UUID. */
const older = {
  "// Comment": "Configuration of the older program",
  instances: [
    {
      name: "analyzer",
      command: "/analyze src --deep",
      description: "Looks at the code",
      allowed_tools: ["Read", "Bash"],
      permission_mode: "acceptEdits",
      output_format: "stream-json",
      session_id: "shared-session",
      clear_history: false,
      compact_history: false,
      max_tokens_per_command: 50_000,
    },
    { name: "analyzer", prompt: "Say what the other one is called", "// note": "the same name again" },
    { prompt: "[[mock:recall]] What did we say?", session_id: "shared-session", pre_commands: ["/cost"] },
    { command: "Just words that are no slash command" },
  ],
  budget: {
    overall_budget: 100_000,
    overall_cost_budget: 5,
    budget_type: "mixed",
    enforcement_mode: "warn",
    command_budgets: { "/analyze": 1000 },
    disable_visuals: true,
  },
  misspelt_by_nobody: true,
};

test("a file of the older program runs with the meaning its authors intended", async () => {
  await using rig = await createRig({
    files: { ".claude/commands/analyze.md": "Analyse $ARGUMENTS\n" },
    config: older,
    scenario: "echo",
  });
  const run = await rig.run({ args: ["--model", "haiku"] });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(Object.values(run.verdicts)).toEqual(["succeeded", "succeeded", "succeeded", "succeeded"]);
  const names = run.result.instances.map(({ name }) => name);
  expect(new Set(names).size).toBe(4);
  expect(names[0]).toBe("analyzer");
  expect(rig.asked("echo").some(({ body }) => body.includes("Analyse src --deep"))).toBe(true);

  const notices = run.stderr.split("\n").filter((line) => line.startsWith("note:"));
  expect(notices.some((line) => line.includes('"permission_mode": "bypassPermissions"'))).toBe(true);
  expect(notices.some((line) => line.includes("analyzer") && line.includes("twice"))).toBe(true);
  // A budget in the older words warns, and only warns.
  expect(run.events.filter(({ type }) => type === "budget-warned")).toMatchObject([
    { scope: { kind: "command", command: "/analyze" }, threshold: 0.8 },
    { scope: { kind: "command", command: "/analyze" }, threshold: 1 },
  ]);
});

test("the older program's command line is understood: --config FILE, --dry-run, --list-commands", async () => {
  await using rig = await createRig({
    files: { ".claude/commands/analyze.md": "---\ndescription: Analyses\n---\nAnalyse\n" },
    config: { instances: [{ command: "/analyze" }] },
  });
  const dry = await rig.command(["--config", "fleet.json", "--dry-run"]);
  expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("/analyze") });
  expect(await rig.command(["--list-commands"])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Analyses"),
  });
  expect(await rig.command(["--inspect-command", "/analyze"])).toMatchObject({ exitCode: 0 });
  expect(await rig.command(["--config", "misspelt.json"])).toMatchObject({ exitCode: 2 });
  expect(rig.model.requests()).toEqual([]);
  expect(rig.exists(".orchestrator")).toBe(false);
});
