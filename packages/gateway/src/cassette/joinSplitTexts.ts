import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { AnswerPiece } from "./interaction.ts";

/**
 * A stream tells a text in small pieces, and cuts it anywhere: also in the middle of a folder's name or of a secret, where
 * neither would be found. Where that is so the whole text is told by the first of its pieces, and the others are empty.
 *
 * @param clean what is to be found in the whole
 */
export function joinSplitTexts(
  pieces: readonly AnswerPiece[],
  clean: (text: string) => string,
): readonly AnswerPiece[] {
  const events = pieces.map((piece) => eventOf(piece.text));
  const texts = new Map<string, Growing[]>();
  for (const [at, event] of events.entries()) {
    if (event === undefined) continue;
    for (const { key, holder, name } of growingIn(event.value)) {
      texts.set(key, [...(texts.get(key) ?? []), { at, holder, name }]);
    }
  }
  const changed = new Set<number>();
  for (const parts of texts.values()) {
    const told = parts.map(({ holder, name }) => holder[name] as string);
    const whole = told.join("");
    if (clean(whole) === told.map(clean).join("")) continue;
    for (const [index, { at, holder, name }] of parts.entries()) {
      holder[name] = index === 0 ? whole : "";
      changed.add(at);
    }
  }
  return pieces.map((piece, at) => {
    const event = events[at];
    return event === undefined || !changed.has(at) ? piece : { ...piece, text: event.written() };
  });
}

/** Changed in place: it is ours, read from the text. */
type Holder = Record<string, JsonValue>;

interface Growing {
  /** Of its event. */
  readonly at: number;
  readonly holder: Holder;
  readonly name: string;
}

function eventOf(text: string): { readonly value: JsonObject; readonly written: () => string } | undefined {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.startsWith("data:"));
  try {
    const value = JSON.parse((lines[at] ?? "").slice("data:".length)) as JsonValue;
    if (!isJsonObject(value)) return undefined;
    return { value, written: () => lines.with(at, `data: ${JSON.stringify(value)}`).join("\n") };
  } catch {
    return undefined;
  }
}

/** The texts an event adds to, each with what it is a part of: in the manner of each of the four APIs. */
function growingIn(
  value: JsonObject,
): readonly { readonly key: string; readonly holder: Holder; readonly name: string }[] {
  const { delta, type, choices } = value;
  if (typeof delta === "string") {
    const key = JSON.stringify([type, value["item_id"], value["output_index"], value["content_index"]]);
    return [{ key, holder: value, name: "delta" }];
  }
  const chosen = Array.isArray(choices) ? (choices as readonly JsonValue[]) : [];
  const deltas = [
    ...(delta !== undefined && isJsonObject(delta) ? [{ place: JSON.stringify(value["index"]), found: delta }] : []),
    ...chosen.flatMap((choice, at) => {
      const found = isJsonObject(choice) ? choice["delta"] : undefined;
      return found !== undefined && isJsonObject(found) ? [{ place: `${at}`, found }] : [];
    }),
  ];
  return deltas.flatMap(({ place, found }) => [
    ...textsOf(found, place),
    ...(Array.isArray(found["tool_calls"]) ? (found["tool_calls"] as readonly JsonValue[]) : []).flatMap((call) => {
      const called = isJsonObject(call) ? call["function"] : undefined;
      const index = isJsonObject(call) ? call["index"] : undefined;
      return called !== undefined && isJsonObject(called) ? textsOf(called, JSON.stringify([place, index])) : [];
    }),
  ]);
}

const growing = ["partial_json", "text", "thinking", "content", "reasoning_content", "arguments"];

function textsOf(holder: JsonObject, place: string) {
  return growing
    .filter((name) => typeof holder[name] === "string")
    .map((name) => ({ key: JSON.stringify([place, name]), holder: holder, name }));
}
