import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nothingSpent } from "@claude-orchestrator/domain";
import { anyRun, nastyText } from "../testing/arbitraryRun.ts";
import {
  created,
  ended,
  limit,
  noon,
  planned,
  runSettled,
  samplePlan,
  settled,
  stateOf,
} from "../testing/sampleRun.ts";
import { budgetUses, SpendingHistory } from "../views/budgetUse.ts";
import { annotations } from "./annotations.ts";
import { junitXml } from "./junit.ts";
import { escapeText, markdownReport } from "./markdown.ts";
import { resultDocument } from "./resultDocument.ts";
import { resultSchema } from "./resultSchema.ts";

const failed = stateOf([
  created(samplePlan(["a, b: c", "docs"], { limits: [limit()] })),
  { type: "run-started" },
  planned("a, b: c"),
  ended("a, b: c", {
    verdict: "failed",
    reason: "100% wrong\n::error::not mine",
    lastLines: ["boom"],
    result: "```\nhi",
  }),
  settled("a, b: c", { verdict: "failed", reason: "100% wrong\n::error::not mine" }),
  settled("docs", { verdict: "skipped", reason: "a failed" }),
  runSettled({ outcome: "failed", exitCode: 1 }),
]);

function uses(state: typeof failed): ReturnType<typeof budgetUses> {
  return budgetUses(state, new SpendingHistory(state.plan.limits), noon);
}

describe("the result document", () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(resultSchema);

  test("fits its published schema, whatever the run was", () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const state = stateOf(events);
        const document: unknown = JSON.parse(JSON.stringify(resultDocument(state, uses(state))));
        validate(document);
        expect(validate.errors ?? []).toEqual([]);
      }),
    );
  });

  test("tells each instance with its attempts", () => {
    expect(resultDocument(failed, uses(failed))).toMatchObject({
      status: "failed",
      exit_code: 1,
      tokens: { total: 1500 },
      budgets: [{ scope: "run", used: 1500, left: 8500, reserved: null, requests_refused: null }],
      failed_work: { attempts: 1, tokens: 1500, cost_usd: 0.25 },
      instances: [
        {
          name: "a, b: c",
          status: "failed",
          attempts: [{ number: 1, exit_code: 0, last_lines: ["boom"], models: [{ model: "opus-5-5" }] }],
        },
        { name: "docs", status: "skipped", attempts: [], duration_ms: null },
      ],
    });
  });

  test("has a schema that describes every field", () => {
    const undescribed: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, each] of Object.entries(value)) {
        if (path.endsWith("/properties") && (typeof each !== "object" || each === null || !("description" in each))) {
          undescribed.push(`${path}/${key}`);
        }
        walk(each, `${path}/${key}`);
      }
    };
    walk(resultSchema, "");
    expect(undescribed).toEqual([]);
  });
});

describe("the JUnit report", () => {
  test("has a case per instance, with failures and skips", () => {
    const xml = junitXml(failed);
    expect(xml).toContain('tests="2" failures="1" errors="0" skipped="1"');
    expect(xml).toContain('<failure message="100% wrong&#10;::error::not mine" type="failed">boom</failure>');
    expect(xml).toContain('<skipped message="a failed"/>');
  });

  test("says nothing of tokens and cost where the agent tells none", () => {
    const spent = nothingSpent;
    const state = stateOf([created(samplePlan(["a"])), planned("a"), ended("a", { spent }), settled("a")]);
    expect(junitXml(state)).toContain('<properties><property name="attempts" value="1"/></properties>');
    expect(junitXml(failed)).toContain('<property name="tokens" value="1500"/>');
    expect(markdownReport(state, [])).toMatch(/\| a \| .* \| - \| - \| 3 \|/);
  });

  test("holds only characters XML allows, and no markup of an agent's", () => {
    fc.assert(
      fc.property(anyRun, (events) => {
        const xml = junitXml(stateOf(events));
        expect(xml).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
        expect(xml.replaceAll(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
      }),
    );
  });
});

describe("the Markdown report", () => {
  test("keeps an answer inside its block, whatever fence it writes", () => {
    expect(markdownReport(failed, uses(failed))).toContain("````text\n```\nhi\n````");
  });

  test("keeps any name in one cell of its table", () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/\n|<|(?<!\\)\|/);
      }),
    );
  });
});

test("annotations are one workflow command each, with nothing of an agent's before the message", () => {
  expect(annotations(failed)).toEqual([
    "::error title=a%2C b%3A c failed::100%25 wrong%0A::error::not mine%0Aboom",
    "::notice title=docs skipped::a failed",
  ]);
});
