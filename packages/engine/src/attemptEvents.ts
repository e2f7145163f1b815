import type { AgentEvent, ExitFacts, Spending } from "@claude-orchestrator/domain";
import type { PreparedAttempt } from "./prepareAttempt.ts";
import type { AttemptNews } from "./replay.ts";
import type { AttemptVerdict } from "./verdict.ts";

const longestLoggedWord = 4000;

/** The intent of an attempt, as it is on disk before its process exists. */
export function plannedEvent({ spec, instance, redact, files, adapter, pass }: PreparedAttempt) {
  return {
    type: "attempt-planned",
    agent: adapter.name,
    argv: spec.argv.map((word) => redact(shorten(word))),
    envNames: Object.keys(spec.env).toSorted(),
    cwd: spec.cwd,
    files,
    marker: spec.marker.value,
    ...(instance.model === undefined ? {} : { model: instance.model }),
    ...(pass === undefined ? {} : { gateway: { url: pass.url, tokenHash: pass.tokenHash } }),
  } as const;
}

/** What of an agent's words is an event of its own. */
export function toldOf(event: AgentEvent, redact: (text: string) => string): AttemptNews | undefined {
  switch (event.type) {
    case "session": {
      const { type: _, ...told } = event;
      return { type: "attempt-identified", ...told };
    }
    case "denied":
      return { type: "attempt-denied", tool: event.tool, reason: redact(event.reason) };
    case "limit": {
      const { type: _, ...told } = event;
      return { type: "limit-observed", ...told };
    }
    default:
      return undefined;
  }
}

interface AttemptAtItsEnd {
  readonly exit: ExitFacts;
  readonly durationMs: number;
  readonly counters: {
    readonly spent: Spending;
    readonly tools: Readonly<Record<string, number>>;
    readonly turns: number;
    readonly events: number;
    readonly unreadable: number;
  };
  /** The agent's last word. */
  readonly finished: Extract<AgentEvent, { type: "finished" }> | undefined;
  readonly sessionId: string | undefined;
  readonly lastLines: readonly string[];
  redact(text: string): string;
}

/** The end of an attempt, without what an environment's secrets are in. */
export function endedEvent({ verdict, verification, reason, failure }: AttemptVerdict, ended: AttemptAtItsEnd) {
  const { exit, durationMs, counters, finished, sessionId, lastLines, redact } = ended;
  return {
    type: "attempt-ended",
    verdict,
    verification,
    reason: redact(reason),
    ...(failure === undefined ? {} : { failure: { ...failure, message: redact(failure.message) } }),
    exit,
    durationMs,
    ...counters,
    ...(finished?.result === undefined ? {} : { result: redact(finished.result) }),
    ...(finished?.structured === undefined ? {} : { structured: finished.structured }),
    ...(sessionId === undefined ? {} : { sessionId }),
    lastLines: verdict === "succeeded" ? [] : lastLines.map((line) => redact(line)),
  } as const;
}

/** A prompt in an argv may be long; the log keeps what a person would read of it. */
function shorten(word: string): string {
  const rest = word.length - longestLoggedWord;
  return rest > 0 ? `${word.slice(0, longestLoggedWord)}… (${rest} more characters)` : word;
}
