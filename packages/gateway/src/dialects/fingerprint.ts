import { createHash } from "node:crypto";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";

/** What says who asks, or when, and nothing of what is asked. */
const aboutTheAsker: ReadonlySet<string> = new Set(["metadata", "client_metadata", "prompt_cache_key"]);

/** Claude Code's first block of its system prompt: it changes from request to request. */
const billingHeader = "x-anthropic-billing-header:";

/** The same for two requests that ask the same in the same words: SHA-256, in hex. */
export function fingerprintOf(body: JsonObject): string {
  const asked = Object.entries(body).filter(([name]) => !aboutTheAsker.has(name));
  const words = asked.map(([name, value]) => [name, name === "system" ? withoutBilling(value) : value]);
  return createHash("sha256").update(JSON.stringify(words)).digest("hex");
}

function withoutBilling(system: JsonValue): JsonValue {
  if (!Array.isArray(system)) return system;
  return system.filter((block: JsonValue) => {
    const text = isJsonObject(block) ? block["text"] : undefined;
    return typeof text !== "string" || !text.startsWith(billingHeader);
  });
}
