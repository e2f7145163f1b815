import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";

/** What a scenario answers to one request. */
export type Step =
  | MessageStep
  /** An HTTP error. `retry-after` and the like go in `headers`. */
  | {
      readonly kind: "refusal";
      readonly status: number;
      readonly type: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** HTTP 200, then an error event in the stream. A request that does not stream gets HTTP 529. */
  | { readonly kind: "stream-error"; readonly type: string; readonly message: string }
  /** The request is taken and never answered. */
  | { readonly kind: "hang" }
  /** Nothing is sent until the test calls `release(run)`; then the message. */
  | { readonly kind: "held"; readonly then: MessageStep };

export interface MessageStep {
  readonly kind: "message";
  readonly content: readonly Content[];
  readonly usage: StepUsage;
  /** The reason the model gives for stopping, where it is not the ordinary one. */
  readonly stop?: "max_tokens" | "refusal";
  readonly headers?: Readonly<Record<string, string>>;
  readonly pace?: Pace;
  /** The socket is destroyed after this many pieces of text. Streams only. */
  readonly cutAfter?: number;
}

export type Content =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "thinking"; readonly text: string }
  | { readonly kind: "tool"; readonly call: AbstractCall };

/** A tool call in no CLI's words; toolMapping.ts makes it one of the tools the request offers. */
export type AbstractCall =
  | { readonly tool: "shell"; readonly command: string; readonly background?: boolean }
  | { readonly tool: "read"; readonly path: string }
  | { readonly tool: "write"; readonly path: string; readonly content: string }
  | { readonly tool: "agent"; readonly prompt: string; readonly description: string }
  /** The CLI's way to hand in structured output; without a value, one made from the schema the request carries. */
  | { readonly tool: "structured"; readonly value?: JsonValue }
  | { readonly tool: "raw"; readonly name: string; readonly input: JsonObject };

/** Tokens of one model call, kinds not overlapping. */
export interface StepUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** How a stream is spread over time, in ms. Multiplied by the server's `pace`. */
export interface Pace {
  readonly firstMs?: number;
  readonly pieceMs?: number;
  /** Each text is cut into about this many pieces (default 3). */
  readonly pieces?: number;
}

const ordinaryUsage: StepUsage = { input: 1200, output: 42, cacheRead: 0, cacheWrite: 0 };

/** Usage with the ordinary numbers (1200 in, 42 out, nothing cached) but for those named. */
export function usage(parts: Partial<StepUsage> = {}): StepUsage {
  return { ...ordinaryUsage, ...parts };
}

type MessageOptions = Partial<Omit<MessageStep, "kind" | "content" | "usage">> & {
  readonly usage?: Partial<StepUsage>;
};

/** A message of the given parts; a string is text. */
export function message(content: readonly (Content | string)[], options: MessageOptions = {}): MessageStep {
  return {
    ...options,
    kind: "message",
    content: content.map((part) => (typeof part === "string" ? { kind: "text", text: part } : part)),
    usage: usage(options.usage),
  };
}

/** A message of one text. */
export function say(text: string, options: MessageOptions = {}): MessageStep {
  return message([text], options);
}

export function call(abstract: AbstractCall): Content {
  return { kind: "tool", call: abstract };
}

export function shell(command: string): Content {
  return call({ tool: "shell", command });
}

export function refuse(
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Step {
  return { kind: "refusal", status, type, message: text, headers };
}
