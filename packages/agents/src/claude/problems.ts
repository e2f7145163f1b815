import type { InstancePlan } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";

const efforts = ["low", "medium", "high", "xhigh", "max"];

/** What Claude Code would refuse, or take for something else, of an instance: one sentence each, naming the field. */
export function claudeProblems(instance: InstancePlan): readonly string[] {
  return [...workProblems(instance), ...modelProblems(instance), ...shapeProblems(instance)];
}

function workProblems({ work }: InstancePlan): readonly string[] {
  if (work.kind !== "prompt") {
    return ["`run` does not work with agent `claude`: give it a `prompt`, or set `agent: command`"];
  }
  const empty = [work.text, ...work.before].some((turn) => turn.trim() === "");
  return empty ? ["`prompt` is empty, which agent `claude` refuses"] : [];
}

function modelProblems({ effort, model, fallbackModel, maxTurns }: InstancePlan): readonly string[] {
  const problems: string[] = [];
  if (effort !== undefined && !efforts.includes(effort)) {
    problems.push(`\`effort\` is "${effort}", but agent \`claude\` knows ${efforts.join(", ")}`);
  }
  if (model !== undefined && model === fallbackModel) {
    problems.push("`fallback_model` is the model itself, so there is nothing to fall back to");
  }
  if (maxTurns !== undefined && (!Number.isInteger(maxTurns) || maxTurns < 1)) {
    problems.push("`max_turns` must be a whole number from 1");
  }
  return problems;
}

function shapeProblems({ settings, mcpConfig }: InstancePlan): readonly string[] {
  const problems: string[] = [];
  if (settings !== undefined && typeof settings !== "string" && !isJsonObject(settings)) {
    problems.push("`settings` must be a path or an object");
  }
  if (mcpConfig !== undefined && ![mcpConfig].flat().every((each) => typeof each === "string" || isJsonObject(each))) {
    problems.push("`mcp_config` must be a path, an object, or a list of these");
  }
  return problems;
}
