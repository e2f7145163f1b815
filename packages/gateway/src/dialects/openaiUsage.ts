import type { JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import { countIn, defined, objectIn, objectsIn, textIn } from "./looseJson.ts";

/** OpenAI counts what was read from the cache inside the input, under other names in each of its two APIs. */
export function openaiUsage(usage: JsonObject, input: "prompt" | "input", output: "completion" | "output") {
  const all = countIn(usage, `${input}_tokens`);
  const details = objectIn(usage, `${input}_tokens_details`);
  const cached = Math.min(countIn(details, "cached_tokens") ?? 0, all ?? 0);
  const counts: Partial<TokenUsage> = defined({
    input: all === undefined ? undefined : all - cached,
    cacheRead: all === undefined ? undefined : cached,
    output: countIn(usage, `${output}_tokens`),
    reasoning: countIn(objectIn(usage, `${output}_tokens_details`), "reasoning_tokens"),
  });
  return counts;
}

/** Tools that the API runs itself and charges for, and tiers with prices of their own. */
export function openaiUnpriced(body: JsonObject): string | undefined {
  const tool = objectsIn(body, "tools").find(({ type }) => typeof type === "string" && !agentsTools.has(type));
  if (tool !== undefined) return `the tool ${textIn(tool, "type") ?? "of the API"}, which the API runs`;
  const tier = textIn(body, "service_tier");
  return tier === undefined || plainTiers.has(tier) ? undefined : `the service tier ${tier}`;
}

const agentsTools = new Set(["function", "custom", "local_shell", "shell", "apply_patch", "namespace", "tool_search"]);

/** Flex is cheaper than what the catalogue says, never dearer. */
const plainTiers = new Set(["auto", "default", "flex"]);

/** A sentence of ours as its API's agents end at: 400 is the only status at which all of them do so at once. */
export function openaiRefusal(message: string) {
  const error = { message, type: "budget_exceeded", code: "budget_exceeded", param: null };
  return { status: 400, body: { error } };
}
