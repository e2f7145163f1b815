import { valueOf } from "../proxy/headers.ts";
import type { RawHeaders } from "../proxy/headers.ts";

/** It goes into the log: an agent could send anything. */
const longestName = 100;

/**
 * Which of an agent's own sub-agents asks, by what its CLI says of itself in its headers. Undefined for the agent itself, and for
 * a CLI that does not tell them apart. An agent that lies here is counted under another name, never less.
 */
export function subAgentOf(headers: RawHeaders): string | undefined {
  const name = ofClaude(headers) ?? ofCodex(headers) ?? ofOpencode(headers);
  const shown = name?.replaceAll(/[^\x21-\x7e ]/g, "").slice(0, longestName);
  return shown === undefined || shown === "" ? undefined : shown;
}

/** Seen: 2.1.330. */
function ofClaude(headers: RawHeaders): string | undefined {
  return valueOf(headers, "x-claude-code-agent-id");
}

/** What kind it is, and the thread it works in, which is its own. By codex's own source. */
function ofCodex(headers: RawHeaders): string | undefined {
  const kind = valueOf(headers, "x-openai-subagent");
  if (kind === undefined) return undefined;
  const thread = valueOf(headers, "thread-id") ?? valueOf(headers, "session_id");
  return thread === undefined ? kind : `${kind} ${thread}`;
}

/** A session with a parent is a sub-agent's. By opencode's own source. */
function ofOpencode(headers: RawHeaders): string | undefined {
  if (valueOf(headers, "x-parent-session-id") === undefined) return undefined;
  return valueOf(headers, "x-session-id") ?? valueOf(headers, "x-session-affinity");
}
