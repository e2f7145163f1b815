import type { AgentFailure } from "@claude-orchestrator/domain";
import { apiFailure } from "../shared/apiFailure.ts";
import { numberAt, objectAt, readObject } from "../shared/looseJson.ts";

/** A result's error: `[API Error: {"error":{"code":400,…}}]`, `[API Error: WORDS]`, or words alone. */
export function geminiFailure(message: string): AgentFailure {
  const inner = /^\[API Error: ([\s\S]*)\]\s*$/.exec(message)?.[1] ?? message;
  const body = readObject(inner);
  const status = body === undefined ? undefined : numberAt(objectAt(body, "error"), "code");
  if (status === undefined && inner.startsWith("model: ")) return { kind: "invalid_request", message: inner };
  return apiFailure(inner, status);
}

/** "Attempt 3 failed with status 429. Retrying with backoff": the status (0 where none is told), else undefined. */
export function retryingAfter(line: string): number | undefined {
  const match = /^Attempt \d+ failed(?: with status (\d{3}))?.*Retrying/.exec(line);
  return match === null ? undefined : Number(match[1] ?? 0);
}

/**
 * What an exit without a result means. The CLI's own codes are 41 to 55; a failed call exits with its HTTP status modulo
 * 256 (400 is 144), and 0 after SIGINT and SIGTERM.
 */
export function exitFailure(code: number, said: string | undefined): AgentFailure | undefined {
  const words = said ?? `it exited with code ${code}`;
  switch (code) {
    case 0:
      return undefined;
    case 41:
      return {
        kind: "authentication",
        message: `${words} (set GEMINI_API_KEY; a Google sign-in of your own is used only with \`trust_workspace: true\`)`,
      };
    case 42:
      return inputFailure(words);
    case 52:
      return { kind: "bad_invocation", message: words };
    case 53:
      return { kind: "max_turns", message: words };
    case 55:
      return {
        kind: "bad_invocation",
        message: "gemini refuses an untrusted folder: set GEMINI_API_KEY, or `trust_workspace: true` for this instance",
      };
    default:
      return code >= 144 && code <= 173 ? apiFailure(words, code + 256) : undefined;
  }
}

function inputFailure(words: string): AgentFailure {
  if (/Invalid session identifier|No previous sessions/.test(words))
    return { kind: "session_not_found", message: words };
  if (/already exists/.test(words)) return { kind: "session_in_use", message: words };
  return { kind: "bad_invocation", message: words };
}
