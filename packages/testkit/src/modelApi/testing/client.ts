import type { JsonObject } from "@claude-orchestrator/domain";

/** One event of a stream, as a client reads it. */
export interface ReceivedEvent {
  readonly event: string;
  readonly data: JsonObject;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const bash = { name: "Bash", description: "run", input_schema: { type: "object" } };

/** A body of the Messages API with one prompt and a shell tool. */
export function messagesBody(prompt: string, more: JsonObject = {}): JsonObject {
  return {
    model: "claude-haiku-5-5",
    max_tokens: 100,
    stream: true,
    tools: [bash],
    messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
    ...more,
  };
}

export async function post(url: string, body: JsonObject, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Reads a stream's text by the rules of server-sent events: frames end with an empty line, whichever line ends are used. */
export function eventsOf(text: string): readonly ReceivedEvent[] {
  return text
    .split(/\r?\n\r?\n/)
    .filter((frame) => frame !== "" && !frame.endsWith("[DONE]"))
    .map((frame) => {
      const fields = new Map(
        frame.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
      );
      return { event: fields.get("event") ?? "message", data: JSON.parse(fields.get("data") ?? "{}") as JsonObject };
    });
}
