import type { AgentEvent, JsonObject } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";
import { numberAt, objectAt, oneLine, textAt, toolSummary } from "../shared/looseJson.ts";

/** Items that are work of a tool, and the name each goes by. */
export function toolOf(item: JsonObject): string | undefined {
  const type = textAt(item, "type");
  switch (type) {
    case "command_execution":
    case "file_change":
    case "web_search":
    case "collab_tool_call":
      return type;
    case "mcp_tool_call":
      return `mcp__${textAt(item, "server") ?? "unknown"}__${textAt(item, "tool") ?? "unknown"}`;
    default:
      return undefined;
  }
}

export function itemSummary(item: JsonObject): string {
  const changes = item["changes"];
  if (Array.isArray(changes)) {
    return oneLine(
      changes
        .filter(isJsonObject)
        .map((one) => `${textAt(one, "kind") ?? "change"} ${textAt(one, "path") ?? ""}`)
        .join(", "),
    );
  }
  const command = textAt(item, "command");
  if (command !== undefined) return oneLine(command);
  return textAt(item, "query") ?? toolSummary(objectAt(item, "arguments"));
}

/** The end of a tool's item, and the refusal where that is what it was. */
export function toolEnd(item: JsonObject, callId: string, tool: string): readonly AgentEvent[] {
  const status = textAt(item, "status");
  const code = numberAt(item, "exit_code");
  const output = textAt(item, "aggregated_output") ?? textAt(objectAt(item, "error"), "message");
  const said = [
    code === undefined || code === 0 ? "" : `exit code ${code}`,
    output === undefined ? "" : oneLine(output),
  ];
  const summary = said.filter((part) => part !== "").join(": ");
  return [
    {
      type: "tool-finished",
      callId,
      ok: status !== "failed" && status !== "declined",
      ...(summary === "" ? {} : { summary }),
    },
    ...(status === "declined"
      ? [{ type: "denied", tool, reason: "its sandbox or approval policy refused it" } as const]
      : []),
  ];
}
