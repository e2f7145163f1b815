import { createHmac } from "node:crypto";
import { messageJson } from "./message.ts";
import type { NotifyMessage } from "./message.ts";

/**
 * Headers and body as Standard Webhooks 1.0 describes them: `webhook-id`, `webhook-timestamp` (seconds) and, with a secret,
 * `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
 *
 * @param now ms since 1970: when this try is sent, so that a receiver can refuse what is old
 */
export function webhookRequest(
  message: NotifyMessage,
  secret: string | undefined,
  now: number,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const body = messageJson(message);
  const timestamp = String(Math.floor(now / 1000));
  const headers = {
    "content-type": "application/json",
    "user-agent": "claude-orchestrator",
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
  };
  if (secret === undefined) return { headers, body };
  const signature = createHmac("sha256", keyOf(secret)).update(`${message.id}.${timestamp}.${body}`).digest("base64");
  return { headers: { ...headers, "webhook-signature": `v1,${signature}` }, body };
}

/** `whsec_` is followed by the key in base64; anything else is the key itself. */
function keyOf(secret: string): Buffer {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret, "utf8");
}
