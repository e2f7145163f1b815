import { expect, test } from "vitest";
import { planOf, sentencesOf } from "../testing/loading.ts";

const instances = "instances: [{ name: a, prompt: do it }]\n";

test("limits of the day and the machine, of each attempt and each sub-agent, are limits like others", () => {
  const { limits } = planOf(`budget:
  daily: { cost_usd: 20, zone: Europe/Rome }
  machine: [{ duration: 30d, cost_usd: 300 }]
instances:
  - name: a
    prompt: do it
    budget: { attempt: { cost_usd: 2 }, sub_agent: { tokens: 500 }, on_exceed: warn }
`);
  expect(limits).toEqual([
    { scope: { kind: "machine", windowMs: 30 * 86_400_000 }, unit: "cost_usd", limit: 300, enforcement: "block" },
    { scope: { kind: "day", zone: "Europe/Rome" }, unit: "cost_usd", limit: 20, enforcement: "block" },
    { scope: { kind: "attempt", instance: "a" }, unit: "cost_usd", limit: 2, enforcement: "warn" },
    { scope: { kind: "sub_agent", instance: "a" }, unit: "tokens", limit: 500, enforcement: "warn" },
  ]);
});

test("a cheaper model at the limit is of what was written beside it, and the command line's word wins", () => {
  const text = `budget: { tokens: 10, on_exceed: { downgrade: haiku } }
instances: [{ name: a, prompt: do it, budget: { tokens: 5, on_exceed: { downgrade: sonnet } } }]
`;
  expect(planOf(text).limits).toMatchObject([
    { scope: { kind: "run" }, enforcement: "block", downgrade: "haiku" },
    { scope: { kind: "instance" }, enforcement: "block", downgrade: "sonnet" },
  ]);
  const [first] = planOf(text, { overrides: { budget: { onExceed: "warn" } } }).limits;
  expect(first).toEqual({ scope: { kind: "run" }, unit: "tokens", limit: 10, enforcement: "warn" });
  expect(sentencesOf(text.replace("haiku", "''").replace("downgrade: ''", "upgrade: x")).length).toBeGreaterThan(0);
});

test("a day of a zone that is none, or without an amount, is refused", () => {
  expect(sentencesOf(`budget: { daily: { cost_usd: 1, zone: Mars } }\n${instances}`).join()).toContain(
    "`Mars` is no time zone",
  );
  expect(sentencesOf(`budget: { daily: {} }\n${instances}`).join()).toContain("this budget limits nothing");
});

test("a cheaper model that could not be gone on with is a problem, at its place", () => {
  const problems = (budget: string, more = "") =>
    sentencesOf(`budget: ${budget}\ninstances: [{ name: a, prompt: do it${more} }]\n`);
  expect(problems("{ cost_usd: 1, on_exceed: { downgrade: claude-nope-3 } }")).toEqual([
    expect.stringMatching(/^1:48 the price of `claude-nope-3` is not known, so a budget in dollars/),
  ]);
  expect(problems("{ tokens: 9, on_exceed: { downgrade: claude-nope-3 } }")).toEqual([]);
  expect(problems("{ tokens: 9, on_exceed: { downgrade: '' } }").join()).toContain("text that is not empty");
  expect(problems("{ tokens: 9, on_exceed: { downgrade: haiku } }", ", agent: codex")).toEqual([
    expect.stringMatching(/^1:46 `haiku` is a model of anthropic, which codex, the agent of `a`, does not run/),
  ]);
  const own = ", budget: { cost_usd: 1, on_exceed: { downgrade: claude-nope-3 } }";
  expect(problems("{ tokens: 9 }", own)).toEqual([expect.stringMatching(/^2:86 the price of/)]);
  const through = "gateway: { allow_unpriced: true }\nbudget: { cost_usd: 1, on_exceed: { downgrade: claude-nope-3 } }";
  expect(sentencesOf(`${through}\n${instances}`)).toEqual([]);
});

test("what limits nothing, and an admission without a budget, are problems", () => {
  expect(sentencesOf("instances: [{ name: a, prompt: do it, budget: { attempt: {} } }]")).toEqual([
    "1:58 this budget limits nothing | give it `tokens` or `cost_usd`",
  ]);
  expect(sentencesOf(`budget: { admission: p90 }\n${instances}`).join()).toContain(
    "there is no budget that an instance could be admitted by",
  );
});

test("a word that an object says better is no word to be meant", () => {
  const [problem = ""] = sentencesOf(`budget: { tokens: 9, on_exceed: downgrade }\n${instances}`);
  expect(problem).toContain("or an object with `downgrade`");
  expect(problem).not.toContain("did you mean");
});
