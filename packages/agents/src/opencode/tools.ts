import type { AgentEvent, JsonObject } from "@claude-orchestrator/domain";
import { numberAt, objectAt, oneLine, textAt, toolSummary } from "../shared/looseJson.ts";

/** Tools that `permission_mode` may take away: a call of one that is not there was refused by us. */
const guarded = new Set(["bash", "edit", "write", "patch", "apply_patch", "task", "skill", "webfetch", "websearch"]);

/** One line tells a whole call, after its end. Empty where it cannot be read. */
export function toolEvents(part: JsonObject): readonly AgentEvent[] {
  const call = readCall(part);
  if (call === undefined) return [];
  const { callId, tool, ok } = call;
  const summary = oneLine(call.exit === 0 ? call.said : `exit code ${call.exit}: ${call.said}`);
  const reason = call.error === undefined ? undefined : refusal(call.error, tool);
  return [
    { type: "tool-started", callId, tool, summary: toolSummary(call.input) },
    { type: "tool-finished", callId, ok, ...(summary === "" ? {} : { summary }) },
    ...(reason === undefined ? [] : [{ type: "denied", tool, reason } as const]),
  ];
}

interface Call {
  readonly callId: string;
  readonly tool: string;
  readonly input: JsonObject;
  readonly ok: boolean;
  readonly exit: number;
  readonly said: string;
  readonly error: string | undefined;
}

function readCall(part: JsonObject): Call | undefined {
  const state = objectAt(part, "state");
  const callId = textAt(part, "callID") ?? textAt(part, "id");
  const { tool, input, error } = namedCall(part, state);
  if (callId === undefined || tool === undefined) return undefined;
  const exit = numberAt(objectAt(state, "metadata"), "exit") ?? 0;
  const ok = textAt(state, "status") === "completed" && exit === 0 && error === undefined;
  return { callId, tool, input, ok, exit, said: error ?? textAt(state, "output") ?? "", error };
}

/** A tool the model made up is told as `invalid`, completed, with its real name and the error among its input. */
function namedCall(
  part: JsonObject,
  state: JsonObject,
): { tool: string | undefined; input: JsonObject; error: string | undefined } {
  const input = objectAt(state, "input");
  const tool = textAt(part, "tool");
  if (tool !== "invalid") return { tool, input, error: textAt(state, "error") };
  return {
    tool: textAt(input, "tool") ?? tool,
    input,
    error: textAt(input, "error") ?? "the model called a tool that does not exist",
  };
}

function refusal(error: string, tool: string): string | undefined {
  if (error.includes("rejected permission")) return "there was nobody to ask";
  if (error.includes("has specified a rule which prevents")) return "a permission rule forbids it";
  const isGone = error.includes("unavailable tool") && guarded.has(tool.toLowerCase());
  return isGone ? "`permission_mode` does not grant it" : undefined;
}
