import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

test("agents with settings of their own leave the person's alone, know their commands, and continue their session", async () => {
  await using rig = await createRig({
    config: {
      defaults: { model: "haiku", agent_config: "own" },
      instances: [
        { name: "first", session_id: "notes", prompt: "The word is aardvark" },
        { name: "second", session_id: "notes", needs: "first", prompt: "[[mock:recall]] Which word?" },
        { name: "commanded", command: "/mine Ada" },
        { name: "beside", prompt: "hello" },
      ],
    },
  });
  const home = rig.environment["HOME"] ?? "";
  mkdirSync(join(home, ".claude/commands"), { recursive: true });
  writeFileSync(join(home, ".claude/commands/mine.md"), "[[mock:recall]] Greet $ARGUMENTS by my own rule\n");
  const run = await rig.run();
  expect(run.verdicts).toEqual({
    first: "succeeded",
    second: "succeeded",
    commanded: "succeeded",
    beside: "succeeded",
  });
  expect(JSON.parse(run.instance("second").result ?? "")).toMatchObject({ turns_before: 1 });
  expect(run.instance("commanded").result).toContain("Greet Ada by my own rule");
  // Nothing of a run is in the person's own: neither its state, which parallel writers break, nor its sessions.
  expect(existsSync(join(home, ".claude.json"))).toBe(false);
  expect(readdirSync(join(home, ".claude"))).toEqual(["commands"]);
  const folders = readdirSync(join(run.directory, "agent-config"));
  expect(folders).toEqual(["001-first", "003-commanded", "004-beside"]);
  expect(existsSync(join(run.directory, "agent-config/001-first/projects"))).toBe(true);

  const retried = await rig.command(["retry", "latest", "second"]);
  expect({ code: retried.exitCode, out: retried.stderr }).toMatchObject({ code: 0 });
});

test("an agent that cannot have settings of its own is refused before anything starts", async () => {
  await using rig = await createRig({
    config: { instances: [{ name: "a", agent: "codex", prompt: "x", agent_config: "own" }] },
  });
  const refused = await rig.command(["run", "fleet.json"]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain("codex cannot keep its settings in another folder (`agent_config: own`)");
});
