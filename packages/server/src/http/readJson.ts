import { Refusal } from "./refusal.ts";

/** Nothing we take is nested nearly as deeply. */
const deepest = 32;

/** A string, a number, or a sign that begins or ends something. What is between them is of no account where JSON.parse took the whole. */
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:,]/g;

/**
 * The body of a request. JSON that two readers could understand differently is refused, with the place: a key that stands twice, a key
 * of the language's own, half a character, a number that cannot be counted with, bytes that are no UTF-8.
 *
 * @throws Refusal
 */
export function readJson(body: Uint8Array): unknown {
  const text = decoded(body);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw refused(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  refuseConfusion(text);
  return value;
}

function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw refused("it is no text in UTF-8");
  }
}

const opening = /^[{[]$/;
const closing = /^[}\]]$/;
const between = /^[:,]$/;

/** What is open: the keys of an object so far, or undefined for a list. */
type Open = Set<string> | undefined;

function refuseConfusion(text: string): void {
  const open: Open[] = [];
  let isKey = false;
  for (const [word] of text.matchAll(token)) {
    const keys = open.at(-1);
    if (opening.test(word)) open.push(word === "{" ? new Set() : undefined);
    else if (closing.test(word)) open.pop();
    else if (word.startsWith('"')) readText(word, isKey ? keys : undefined);
    else if (!between.test(word)) readNumber(word);
    if (open.length > deepest) throw refused(`it is nested more than ${deepest} levels deep`);
    isKey = word === "{" || (word === "," && open.at(-1) !== undefined);
  }
}

function readNumber(word: string): void {
  if (!Number.isFinite(Number(word))) throw refused(`the number ${shown(word)} is too large to be counted with`);
}

/** @param keys of the object it is a key of */
function readText(word: string, keys: Open): void {
  const text = JSON.parse(word) as string;
  if (!text.isWellFormed()) throw refused(`half a character (a lone surrogate) stands in ${shown(word)}`);
  if (keys === undefined) return;
  if (keys.has(text)) throw refused(`the key ${shown(word)} stands twice in one object: only one could count`);
  if (text === "__proto__") throw refused(`the key ${shown(word)} means something to the language itself`);
  keys.add(text);
}

function shown(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}

function refused(why: string): Refusal {
  return new Refusal(400, "invalid-request", `The body is not taken: ${why}`, {
    hint: "send one JSON object, as docs/openapi.json describes it",
  });
}
