import { totalTokens } from "@claude-orchestrator/domain";
import type { InstanceState, RunState } from "@claude-orchestrator/domain";
import { cleanLines } from "../views/text/cleanText.ts";
import { lastResultOf } from "../views/summary/answerLines.ts";
import { elapsedOf } from "../views/words.ts";

const longestText = 20_000;

/** The run as JUnit XML: a suite for the run, a case per instance. Only characters XML 1.0 allows. */
export function junitXml(state: RunState): string {
  const instances = [...state.instances.values()];
  const kinds = instances.map(kindOf);
  const count = (kind: CaseKind): number => kinds.filter((each) => each === kind).length;
  const seconds = state.phase.status === "settled" ? state.phase.durationMs / 1000 : 0;
  const name = attribute(state.plan.name === "" ? state.id : state.plan.name);
  const numbers = `tests="${instances.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds.toFixed(3)}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="${name}" ${numbers}>`,
    `  <testsuite name="${name}" id="${state.id}" timestamp="${new Date(state.createdAt).toISOString()}" ${numbers}>`,
    ...instances.flatMap((instance) => testCase(state, instance)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

type CaseKind = "passed" | "failure" | "error" | "skipped";

/** A failure is the agent's own; an error is something that kept it from working. */
function kindOf({ phase }: InstanceState): CaseKind {
  if (phase.status !== "settled") return "error";
  switch (phase.verdict) {
    case "succeeded":
      return "passed";
    case "skipped":
      return "skipped";
    case "failed":
    case "blocked":
    case "incomplete":
      return "failure";
    default:
      return "error";
  }
}

function testCase(state: RunState, instance: InstanceState): readonly string[] {
  const seconds = (elapsedOf(instance, instance.attempts.at(-1)?.end?.at ?? state.createdAt) ?? 0) / 1000;
  const plan = state.plan.instances.find(({ name }) => name === instance.name);
  const open = `    <testcase name="${attribute(instance.name)}" classname="${attribute(plan?.group ?? instance.name)}" time="${seconds.toFixed(3)}"`;
  const inner = [...properties(instance), ...outcome(instance), ...output(instance)];
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner.map((each) => `      ${each}`), "    </testcase>"];
}

function properties(instance: InstanceState): readonly string[] {
  const { spent } = instance;
  const tokens = totalTokens(spent.usage);
  // What tells no tokens, a program of one's own, has spent nothing that 0 would describe.
  const isCounted = tokens > 0 || spent.costSource !== "none";
  const facts: Readonly<Record<string, string>> = {
    attempts: String(instance.attempts.length),
    ...(isCounted ? { tokens: String(tokens) } : {}),
    ...(isCounted && spent.costUsd !== undefined ? { cost_usd: spent.costUsd.toFixed(6) } : {}),
  };
  const each = Object.entries(facts).map(([name, value]) => `<property name="${name}" value="${value}"/>`);
  return [`<properties>${each.join("")}</properties>`];
}

function outcome(instance: InstanceState): readonly string[] {
  const { phase } = instance;
  if (phase.status !== "settled")
    return [`<error message="not settled: the program ended before it did" type="unsettled"/>`];
  const kind = kindOf(instance);
  if (kind === "passed") return [];
  const message = attribute(phase.reason);
  if (kind === "skipped") return [`<skipped message="${message}"/>`];
  const lines = instance.attempts.at(-1)?.end?.lastLines ?? [];
  return [`<${kind} message="${message}" type="${phase.verdict}">${content(lines.join("\n"))}</${kind}>`];
}

function output(instance: InstanceState): readonly string[] {
  const answer = lastResultOf(instance);
  return answer === undefined || answer === "" ? [] : [`<system-out>${content(answer)}</system-out>`];
}

function content(text: string): string {
  const clean = cleanLines(text);
  return xml(clean.length > longestText ? `${clean.slice(0, longestText)}\n… (cut)` : clean);
}

function attribute(text: string): string {
  return xml(cleanLines(text)).replaceAll('"', "&quot;").replaceAll("\n", "&#10;");
}

const notInXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(notInXml, "\u{fffd}")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
