import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig, dummyKey } from "./rig.ts";
import type { FinishedRun, Rig } from "./rig.ts";

const fleet = (task = "Use a tool") => ({
  defaults: { model: "haiku" },
  instances: [
    { name: "tool", prompt: `[[mock:tool-bash]] ${task}`, allowed_tools: ["Bash"] },
    { name: "delegates", prompt: "[[mock:subagent2]] Delegate" },
    { name: "cut", prompt: "[[mock:cut-once]] Go on" },
  ],
});

/** What must be the same again. */
function answers({ result }: FinishedRun) {
  return result.instances.map(({ name, status, result: said, tokens, cost_usd: costUsd, tools }) => ({
    name,
    status,
    said,
    tokens,
    costUsd,
    tools,
  }));
}

/** Another folder, another home, no key, and no model where one was. */
async function anotherMachine(from: Rig, config: object): Promise<Rig> {
  const rig = await createRig({ config, env: { ANTHROPIC_API_KEY: "", ANTHROPIC_BASE_URL: "http://127.0.0.1:9" } });
  cpSync(from.path("cassette"), rig.path("cassette"), { recursive: true });
  return rig;
}

describe("Claude Code on a cassette", () => {
  test("works on another machine, without key and model, as it did when it was recorded, and is stopped where it asks for something else", async () => {
    await using rig = await createRig({ config: fleet() });
    const recorded = await rig.run({ args: ["--record", "cassette"] });
    expect(recorded.exitCode).toBe(0);
    const texts = readdirSync(rig.path("cassette"), { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name), "utf8"));
    for (const here of [dummyKey, rig.folder, rig.environment["HOME"] ?? ""]) {
      expect(texts.filter((text) => text.includes(here))).toEqual([]);
    }

    await using elsewhere = await anotherMachine(rig, fleet());
    const replayed = await elsewhere.run({ args: ["--replay", "cassette"] });
    expect(answers(replayed)).toEqual(answers(recorded));
    expect([replayed.exitCode, elsewhere.model.requests()]).toEqual([0, []]);
    expect(replayed.stderr + JSON.stringify(replayed.result)).toContain("nothing was spent");

    writeFileSync(elsewhere.path("fleet.json"), JSON.stringify(fleet("Use another tool")));
    const changed = await elsewhere.run({ args: ["--replay", "cassette", "--only", "tool"] });
    const { status, reason } = changed.instance("tool");
    expect([changed.exitCode, status]).toEqual([1, "failed"]);
    expect(reason).toContain("-    text: [[mock:tool-bash]] Use a tool");
    expect(reason).toContain("+    text: [[mock:tool-bash]] Use another tool");
    expect(readFileSync(join(changed.directory, "replay", "tool.diff"), "utf8")).toContain("Use another tool");
  });
});

test("a cassette that was changed, is missing, or would be recorded over keeps a run from starting", async () => {
  await using rig = await createRig({ config: { instances: [{ name: "one", agent: "command", run: ["true"] }] } });
  const run = (...words: readonly string[]) => rig.command(["run", "fleet.json", ...words]);
  expect((await run("--record", "tape")).exitCode).toBe(0);
  expect((await run("--replay", "tape")).exitCode).toBe(0);
  const seal = rig.read("tape/cassette.json");
  const started = rig.runs().length;
  const refused = [
    [await run("--record", "tape"), "already"],
    [await run("--replay", "nowhere"), "no cassette"],
    [await run("--replay", "tape", "--gateway", "off"), "--gateway off"],
    [await run("--replay", "tape", "--record", "new"), "do not go together"],
  ] as const;
  writeFileSync(rig.path("tape/cassette.json"), seal.slice(0, 20));
  const cut = await run("--replay", "tape");
  for (const [outcome, words] of [...refused, [cut, "is not what this program wrote there"] as const]) {
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain(words);
  }
  expect(rig.runs().length).toBe(started);
});
