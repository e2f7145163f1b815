import { createHash } from "node:crypto";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import { textIn } from "../dialects/looseJson.ts";
import type { Places } from "./places.ts";
import { readableLines } from "./readableLines.ts";
import { stableText } from "./stableText.ts";

/** What a request asks for, as text that is the same whenever the same is asked. */
export interface AskedText {
  /** `POST /anthropic/v1/messages`. */
  readonly head: string;
  /** What it says beside its conversation. Long parts of it, which rarely differ, stand there by their digest. */
  readonly fields: string;
  /** The conversation, message by message. */
  readonly messages: readonly string[];
  /** The long parts, by their digest. */
  readonly parts: ReadonlyMap<string, string>;
}

/** Of whom, by whom and when it is asked; how it is cached: none of it changes what is asked. */
const besides = new Set([
  "cache_control",
  "client_metadata",
  "metadata",
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "user",
]);

/** Where each API has its conversation. */
const conversations = ["messages", "input", "contents"];

/** The CLI's own instructions and tools: many kB that every request repeats. */
const preludes = new Set(["system", "tools", "instructions", "systemInstruction"]);

/** @param body undefined for a request without one, or with one that was not read */
export function askedText(
  {
    method,
    address,
    body,
  }: { readonly method: string; readonly address: string; readonly body: JsonObject | undefined },
  places: Places,
  redact: (text: string) => string,
): AskedText {
  const clean = (text: string): string => stableText(places.toMarks(redact(text)));
  const said = settled(body ?? {}, clean) as JsonObject;
  const conversation = conversations.find((name) => Array.isArray(said[name]));
  const messages = conversation === undefined ? [] : (said[conversation] as readonly JsonValue[]);
  const parts = new Map<string, string>();
  const fields = Object.entries(said)
    .filter(([name]) => name !== conversation)
    .map(([name, value]) => [name, preludes.has(name) ? keep(value, parts) : value] as const);
  return {
    head: `${method} ${clean(address)}`,
    fields: readableLines(Object.fromEntries(fields)).join("\n"),
    messages: messages.map((message) => readableLines(message).join("\n")),
    parts,
  };
}

/** As one text: what is compared. */
export function wholeText({ head, fields, messages }: Omit<AskedText, "parts">): string {
  return [head, fields, ...messages.map((message) => `---\n${message}`)].join("\n");
}

function keep(value: JsonValue, parts: Map<string, string>): string {
  const text = readableLines(value).join("\n");
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  parts.set(digest, text);
  return `(part ${digest})`;
}

/** Tools and sub-agents that work side by side end in any order, and so come their results: here in the order of their ids. */
function inOneOrder(values: readonly JsonValue[]): JsonValue[] {
  const idOf = (value: JsonValue): string => (isJsonObject(value) ? (textIn(value, "tool_use_id") ?? "") : "");
  const results = values.filter((value) => idOf(value) !== "");
  const sorted = results.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1)).values();
  return values.map((value) => (idOf(value) === "" ? value : (sorted.next().value ?? value)));
}

/** Without what is besides, every text in it cleaned, its fields in one order. */
function settled(value: JsonValue, clean: (text: string) => string): JsonValue {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return inOneOrder(value.map((each: JsonValue) => settled(each, clean)));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !besides.has(name));
  return Object.fromEntries(
    kept
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [clean(name), settled(each, clean)]),
  );
}
