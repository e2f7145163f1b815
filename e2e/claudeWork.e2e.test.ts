import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRig, type FinishedRun, type Rig } from "./rig.ts";

const longPrompt = `BEGIN ${"a long story ".repeat(24_000)}END`;

const fleet = {
  name: "what Claude Code can do",
  defaults: { model: "haiku", allowed_tools: ["Bash", "Write"] },
  instances: [
    { name: "text", prompt: "[[mock:text]] Say hello" },
    { name: "tool", prompt: "[[mock:tool-bash]] Run it" },
    { name: "failing tool", prompt: "[[mock:tool-bash-fail]] Run it" },
    { name: "writing tool", prompt: "[[mock:tool-write]] Write it" },
    { name: "parallel tools", prompt: "[[mock:tool-two]] Run both" },
    { name: "sub-agent", prompt: "[[mock:subagent]] Delegate" },
    { name: "cache", prompt: "[[mock:cache]] Use the cache" },
    { name: "many turns", prompt: "[[mock:tool-three-turns]] Go on" },
    { name: "unknown tool", prompt: "[[mock:tool-unknown]] Try it" },
    { name: "dash", prompt: "--version is not what I ask for" },
    { name: "long", prompt: longPrompt },
    { name: "two turns", pre_commands: ["First the one thing"], prompt: "[[mock:recall]] Then the other" },
    {
      name: "shape",
      prompt: "[[mock:structured]] Which file?",
      json_schema: {
        type: "object",
        properties: {
          path: { enum: ["src/money.js"] },
          parts: { type: "array", items: { enum: ["one"] }, minItems: 1 },
        },
        required: ["path", "parts"],
        additionalProperties: false,
      },
    },
    {
      name: "reader",
      needs: ["shape", "text"],
      prompt:
        "Read ${{ needs.shape.json.path }} (${{ needs.shape.status }}, ${{ needs.text.exit_code }}, ${{ needs.text.tokens }}): ${{ needs.text.result }}",
    },
  ],
};

describe("a fleet of the real Claude Code", () => {
  let rig: Rig;
  let run: FinishedRun;

  beforeAll(async () => {
    rig = await createRig({ config: fleet, scenario: "echo" });
    run = await rig.run();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test("succeeds as a whole", () => {
    expect({ exitCode: run.exitCode, verdicts: run.verdicts, stderr: run.stderr }).toMatchObject({
      exitCode: 0,
      verdicts: Object.fromEntries(fleet.instances.map(({ name }) => [name, "succeeded"])),
    });
  });

  test("gives the answer, the version and the session of each", () => {
    const { result, attempts } = run.instance("text");
    expect(result).toBe("Hello from the stand-in model.");
    expect(attempts).toMatchObject([
      { agent_version: "2.1.330", session_id: expect.stringMatching(/^[0-9a-f-]{36}$/), exit_code: 0 },
    ]);
  });

  test.each([
    ["text", { input: 1200, output: 42, cache_read: 0, cache_write_5m: 0 }],
    ["tool", { input: 42, output: 392, cache_read: 29_000, cache_write_5m: 18_000 }],
    ["parallel tools", { input: 2400, output: 84, cache_read: 0, cache_write_5m: 0 }],
    ["sub-agent", { input: 5700, output: 292, cache_read: 0, cache_write_5m: 0 }],
    ["cache", { input: 12, output: 350, cache_read: 5500, cache_write_5m: 18_000 }],
    ["many turns", { input: 36, output: 1050, cache_read: 16_500, cache_write_5m: 54_000 }],
    ["two turns", { input: 2400, output: 84, cache_read: 0, cache_write_5m: 0 }],
  ])("counts the tokens of %s by kind, to the token", (name, tokens) => {
    const total = tokens.input + tokens.output + tokens.cache_read + tokens.cache_write_5m;
    expect(run.instance(name).tokens).toEqual({ ...tokens, total, cache_write_1h: 0, reasoning: 0 });
  });

  test("costs what Claude Code itself says, to the digit", () => {
    const own = (name: string): number => {
      const results = run
        .rawOutput(name)
        .split("\n")
        .filter((line) => line.includes('"type":"result"'));
      return (JSON.parse(results.at(-1) ?? "{}") as { readonly total_cost_usd: number }).total_cost_usd;
    };
    const told = fleet.instances.map(({ name }) => {
      const { cost_usd: cost, cost_source: source, totals_are_final: final } = run.instance(name);
      return { name, cost, source, final };
    });
    expect(told).toEqual(
      fleet.instances.map(({ name }) => ({
        name,
        cost: expect.closeTo(own(name), 9),
        source: "reported",
        final: true,
      })),
    );
    const sum = fleet.instances.reduce((total, { name }) => total + own(name), 0);
    expect(run.result.cost_usd).toBeCloseTo(sum, 9);
  });

  test.each([
    ["text", {}],
    ["tool", { Bash: 1 }],
    ["failing tool", { Bash: 1 }],
    ["writing tool", { Write: 1 }],
    ["parallel tools", { Bash: 2 }],
    ["sub-agent", { Agent: 1, Bash: 1 }],
    ["many turns", { Bash: 2 }],
    ["unknown tool", { NoSuchTool: 1 }],
  ])("names the tools of %s as the model called them", (name, tools) => {
    expect(run.instance(name).tools).toEqual(tools);
  });

  test("lets an allowed tool write into the workspace", () => {
    expect(rig.read("out.txt")).toBe("written by mock\n");
  });

  test("takes a prompt that begins with a dash for a prompt", () => {
    expect(run.instance("dash").result).toBe("--version is not what I ask for");
  });

  test("hands over a prompt of 300 KB whole, outside of the argument list", () => {
    expect(run.instance("long").result).toBe(longPrompt);
    const words = run.instance("long").attempts[0]?.argv ?? [];
    expect(Math.max(...words.map((word) => word.length))).toBeLessThan(100_000);
  });

  test("runs the turns before the prompt in the same session", () => {
    expect(JSON.parse(run.instance("two turns").result ?? "")).toEqual({
      turns_before: 1,
      earlier_prompts: ["First the one thing"],
      prompt: "Then the other",
    });
  });

  test("keeps structured output as a value", () => {
    expect(run.instance("shape").structured).toEqual({ path: "src/money.js", parts: ["one"] });
  });

  test("passes the outputs of one instance into the prompt of the next", () => {
    expect(run.instance("reader").result).toBe(
      "Read src/money.js (succeeded, 0, 1242): Hello from the stand-in model.",
    );
  });

  test("reads every line of all of it", () => {
    expect(run.result.instances.flatMap(({ attempts }) => attempts.map((each) => each.unreadable_lines))).toEqual(
      run.result.instances.map(() => 0),
    );
  });
});
