import fc from "fast-check";
import { expect, test } from "vitest";
import { formatProblems } from "../problems.ts";
import { loadPolicy } from "./loadPolicy.ts";

const load = (text: string) =>
  loadPolicy(text, { fileName: "policy.yaml", knownAgents: ["claude", "codex", "command"] });

function sentences(text: string): readonly string[] {
  const loaded = load(text);
  return "problems" in loaded
    ? loaded.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`)
    : [];
}

test("each lock keeps the line it stands in", () => {
  const text = `# of the administrator
agents: [claude, command]
permission_modes: [default, plan]
trust_workspace: never
gateway: required
max_budget:
  cost_usd: 50
telemetry: off
outbound: ["*.example.org", hooks.example.com]
server: { addresses: [127.0.0.1, "::1"] }
update: off
`;
  expect(load(text)).toEqual({
    policy: {
      source: "policy.yaml",
      locks: {
        agents: { value: ["claude", "command"], at: "policy.yaml:2" },
        permission_modes: { value: ["default", "plan"], at: "policy.yaml:3" },
        trust_workspace: { value: "never", at: "policy.yaml:4" },
        gateway: { value: "required", at: "policy.yaml:5" },
        max_budget: { value: { cost_usd: 50 }, at: "policy.yaml:6" },
        telemetry: { value: "off", at: "policy.yaml:8" },
        outbound: { value: ["*.example.org", "hooks.example.com"], at: "policy.yaml:9" },
        server: { value: { addresses: ["127.0.0.1", "::1"] }, at: "policy.yaml:10" },
        update: { value: "off", at: "policy.yaml:11" },
      },
    },
  });
});

test.each([
  ["agent: [claude]", "1:1: `agent` is not a field of the policy"],
  ["agents: [claud]", "1:10: there is no agent `claud`"],
  ["agents: []", "1:9: `agents` must be a list with at least one agent, but is an empty list"],
  ["gateway: off", "1:10: `gateway` must be required, but is the text `off`"],
  ["gateway:", "1:9: `gateway` must be required, but is empty"],
  ["trust_workspace: false", "1:18: `trust_workspace` must be never, but is `false`"],
  ["max_budget: { usd: 5 }", "1:15: `usd` is not a field of the highest budget"],
  ["max_budget: {}", "1:13: `max_budget` must be an amount: cost_usd or tokens, but is an object"],
  [
    "max_budget: { cost_usd: 0 }",
    "1:25: `max_budget.cost_usd` must be an amount of dollars above 0, but is the number 0",
  ],
  ["telemetry: off\ntelemetry: off", "2:1: the key `telemetry` is written twice in the same place"],
])("%s is refused with its place", (text, sentence) => {
  expect(sentences(text)).toContainEqual(sentence);
});

test.each(["", "# nothing yet", "---", "{}", "null"])("a policy that locks nothing is a mistake: %j", (text) => {
  expect(sentences(text)).toEqual(["1:1: the policy must be an object of settings, but locks nothing"]);
});

test("a host is a name, not an address with https", () => {
  expect(sentences("outbound: [https://example.org]")[0]).toMatch(/^1:12: `outbound\[0\]` must be a host such as/);
});

test("whatever the text, there is a policy with a lock or a problem, never neither", () => {
  const words = fc.constantFrom(
    "agents",
    "gateway",
    "required",
    "off",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "- ",
    "claude",
    "&a ",
    "*a",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((each) => each.join("")),
      ),
      (text) => {
        const loaded = load(text);
        const said = "policy" in loaded ? Object.keys(loaded.policy.locks).join() : formatProblems(loaded.problems);
        expect(said).toMatch("policy" in loaded ? /^\w/ : /^policy\.yaml:\d+:\d+: ./);
      },
    ),
  );
});
