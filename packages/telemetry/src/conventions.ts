import { priceOf } from "@claude-orchestrator/domain";
import type { TokenUsage } from "@claude-orchestrator/domain";

/**
 * Every name that leaves this program in a span, in one place: those of OpenTelemetry's conventions (generative AI, still in
 * development there, as of 1.45; errors; HTTP) and, under `claude_orchestrator.`, our own. No attribute holds what a person
 * or an agent wrote: no prompt, no answer, no reason, no path.
 */
export const names = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  agent: "gen_ai.agent.name",
  agentVersion: "gen_ai.agent.version",
  conversation: "gen_ai.conversation.id",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheCreationTokens: "gen_ai.usage.cache_creation.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  error: "error.type",
  httpStatus: "http.response.status_code",
  exitCode: "process.exit.code",
} as const;

export const ownNames = {
  run: "claude_orchestrator.run.id",
  outcome: "claude_orchestrator.outcome",
  verdict: "claude_orchestrator.verdict",
  verification: "claude_orchestrator.verification",
  instance: "claude_orchestrator.instance",
  instances: "claude_orchestrator.instances",
  attempt: "claude_orchestrator.attempt",
  attempts: "claude_orchestrator.attempts",
  request: "claude_orchestrator.request",
  subAgent: "claude_orchestrator.sub_agent",
  counted: "claude_orchestrator.counted",
  tokens: "claude_orchestrator.tokens",
  costUsd: "claude_orchestrator.cost_usd",
  turns: "claude_orchestrator.turns",
  tool: "claude_orchestrator.tool",
  cause: "claude_orchestrator.cause",
  scope: "claude_orchestrator.budget.scope",
  unit: "claude_orchestrator.budget.unit",
  limit: "claude_orchestrator.budget.limit",
  used: "claude_orchestrator.budget.used",
  window: "claude_orchestrator.usage_window",
} as const;

/** What a span's `gen_ai.operation.name` is. */
export const operations = { attempt: "invoke_agent", request: "chat", googleRequest: "generate_content" } as const;

export const providers = { anthropic: "anthropic", openai: "openai", google: "gcp.gemini" } as const;

export type AttributeValue = string | number | boolean;

/** An attribute that is undefined is not there. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** Who made a model, in the words of the conventions; undefined where that is not known. */
export function providerOf(model: string | undefined): string | undefined {
  const vendor = model === undefined ? undefined : priceOf(model)?.vendor;
  return vendor === undefined ? undefined : providers[vendor];
}

/** The conventions count what was read from and written to a cache as input, and reasoning as output. */
export function usageAttributes(usage: TokenUsage): Attributes {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, reasoning } = usage;
  const written = cacheWrite5m + cacheWrite1h;
  return {
    [names.inputTokens]: input + cacheRead + written,
    [names.outputTokens]: output,
    [names.cacheReadTokens]: cacheRead === 0 ? undefined : cacheRead,
    [names.cacheCreationTokens]: written === 0 ? undefined : written,
    [names.reasoningTokens]: reasoning === 0 ? undefined : reasoning,
  };
}
