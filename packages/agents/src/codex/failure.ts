import type { AgentFailure } from "@claude-orchestrator/domain";
import { apiFailure } from "../shared/apiFailure.ts";
import { objectAt, readObject, textAt } from "../shared/looseJson.ts";

/**
 * Codex hands the cause on as one string, in three shapes: the API's raw JSON body (only for a 400), "unexpected status
 * 401 Unauthorized: WHY, url: URL", and "exceeded retry limit, last status: 429 Too Many Requests".
 */
export function codexFailure(message: string): AgentFailure {
  const body = readObject(message);
  if (body !== undefined)
    return apiFailure(message, textAt(objectAt(body, "error"), "message") === undefined ? undefined : 400);
  const unexpected = /unexpected status (\d{3})[^:]*: ([\s\S]*?)(?:, url: \S+)?$/.exec(message);
  if (unexpected?.[1] !== undefined) {
    return apiFailure(unexpected[2] === "" ? message : (unexpected[2] ?? message), Number(unexpected[1]));
  }
  const last = /last status: (\d{3})/.exec(message)?.[1];
  return apiFailure(message, last === undefined ? undefined : Number(last));
}

/** "Reconnecting... 2/5 (WHY)": WHY, else undefined. Codex is still at work then. */
export function reconnecting(message: string): string | undefined {
  const match = /^Reconnecting\.\.\. \d+\/\d+(?: \(([\s\S]*)\))?$/.exec(message);
  return match === null ? undefined : (match[1] ?? message);
}

/** What a last line of standard error means where codex ended without a word on standard output. */
export function startFailure(line: string, code: number | undefined): AgentFailure {
  if (/no rollout found|thread not found/i.test(line)) return { kind: "session_not_found", message: line };
  if (/^error: (unexpected|invalid|the following)/.test(line) || code === 2) {
    return { kind: "bad_invocation", message: line };
  }
  return codexFailure(line);
}
