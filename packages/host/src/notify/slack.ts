import { messageLines } from "./message.ts";
import type { NotifyMessage } from "./message.ts";

/** What an incoming webhook of Slack takes. Text of agents can neither mention anybody nor become a link. */
export function slackBody(message: NotifyMessage): string {
  const [head, body] = messageLines(message);
  return JSON.stringify({ text: [`*${escape(head)}*`, ...(body === "" ? [] : [escape(body)])].join("\n") });
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("*", "∗");
}
