import { membersOf, totalTokens, wholeOf } from "@claude-orchestrator/domain";
import type { InstancePlan, InstanceState, JsonObject, JsonValue, RunState } from "@claude-orchestrator/domain";

/** The longest answer that is read as JSON, in characters: a limit on work, far above what a prompt can carry. */
const longestJson = 4_000_000;

/**
 * The values `${{ … }}` can name in this instance: needs, matrix, variables, run, instance. Values only: what an agent
 * answered is data here and never becomes part of a program text.
 */
export function scopeOf(state: RunState, instance: InstancePlan, attempt = 1): JsonObject {
  const needs = instance.needs.map((need) => [need.instance, outputsOfNeed(state, need.instance)] as const);
  return {
    // Not by assignment: a name such as `__proto__` is a name like any other here.
    needs: Object.fromEntries(needs),
    matrix: instance.matrix ?? {},
    variables: state.plan.variables,
    run: { id: state.id, name: state.plan.name },
    instance: { name: instance.name, attempt },
  };
}

function outputsOfNeed(state: RunState, name: string): JsonObject {
  const members = membersOf(state.plan, name);
  const [only] = members;
  if (members.length !== 1 || (only?.name !== name && only?.matrix !== undefined))
    return outputsOfGroup(state, members);
  const outputs = outputsOf(state.instances.get(only?.name ?? ""));
  return only?.name === name ? outputs : { ...outputs, status: statusOfWhole(state, name) };
}

/** Of a sequence: that of its first step that did not succeed. */
function statusOfWhole(state: RunState, name: string): string {
  const statuses = wholeOf(state.plan, name).map((step) => outputsOf(state.instances.get(step.name))["status"]);
  const odd = statuses.find((status) => status !== "succeeded");
  return typeof odd === "string" ? odd : "succeeded";
}

function outputsOf(state: InstanceState | undefined): JsonObject {
  if (state === undefined) return {};
  const end = state.attempts.at(-1)?.end;
  return {
    result: end?.result ?? null,
    json: end?.structured ?? readJson(end?.result),
    status: state.phase.status === "settled" ? state.phase.verdict : state.phase.status,
    exit_code: end?.exit.code ?? null,
    tokens: totalTokens(state.spent.usage),
    cost_usd: state.spent.costUsd ?? null,
  };
}

/** A matrix as one: the members' values in the plan's order, and sums. */
function outputsOfGroup(state: RunState, members: readonly InstancePlan[]): JsonObject {
  const each = members.map((member) => [member.name, outputsOf(state.instances.get(member.name))] as const);
  const all = each.map(([, outputs]) => outputs);
  const sum = (key: string): number =>
    all.reduce((total, outputs) => total + (typeof outputs[key] === "number" ? outputs[key] : 0), 0);
  return {
    members: Object.fromEntries(each),
    results: all.map((outputs) => outputs["result"] ?? null),
    result: all.map((outputs) => outputs["result"] ?? null),
    json: all.map((outputs) => outputs["json"] ?? null),
    status: all.every((outputs) => outputs["status"] === "succeeded") ? "succeeded" : "failed",
    tokens: sum("tokens"),
    cost_usd: sum("cost_usd"),
  };
}

/** The JSON an answer holds, bare or in one fenced block; null where it holds none. */
export function readJson(text: string | undefined): JsonValue {
  if (text === undefined || text.length > longestJson) return null;
  for (const candidate of [text, fencedBlock(text)]) {
    if (candidate === undefined) continue;
    try {
      return JSON.parse(candidate) as JsonValue;
    } catch {
      // Not JSON: an answer in prose is the usual case, and has no `.json`.
    }
  }
  return null;
}

/** What stands in the first ``` block; found by searching, as a pattern could take quadratic time on a hostile answer. */
function fencedBlock(text: string): string | undefined {
  const open = text.indexOf("```");
  const begin = open === -1 ? -1 : text.indexOf("\n", open);
  const close = begin === -1 ? -1 : text.indexOf("\n```", begin);
  return close === -1 ? undefined : text.slice(begin + 1, close);
}
