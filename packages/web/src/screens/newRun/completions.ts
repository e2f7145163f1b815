import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Text } from "@codemirror/state";
import type { Tooltip } from "@codemirror/view";
import { isJson, jsonFieldAt, jsonPlace } from "./jsonPlace.ts";
import type { JsonPlace } from "./jsonPlace.ts";
import { aboutAt, fieldsAt, valuesAt } from "./schemaHints.ts";
import type { Hint, Schema } from "./schemaHints.ts";
import { yamlPlace } from "./yamlPlace.ts";
import type { Step, YamlPlace } from "./yamlPlace.ts";

/** What can be written at a place, in the manner of the file: YAML, or JSON with its quotes. */
export function complete(context: CompletionContext, schema: Schema | undefined): CompletionResult | null {
  if (schema === undefined) return null;
  const text = context.state.doc.toString();
  return isJson(text) ? inJson(context, jsonPlace(text, context.pos), schema) : inYaml(context, text, schema);
}

function inYaml(context: CompletionContext, text: string, schema: Schema): CompletionResult | null {
  const place = yamlPlace(text, context.pos);
  if (place === undefined || (place.typed === "" && !context.explicit)) return null;
  return offered(place, schema, { field: yamlField, value: (label) => ({ label, type: "constant" }) });
}

function inJson(context: CompletionContext, place: JsonPlace | undefined, schema: Schema): CompletionResult | null {
  if (place === undefined || (place.typed === "" && !place.isQuoted && !context.explicit)) return null;
  return offered(place, schema, {
    field: (hint, rank) => jsonField(hint, rank, place),
    value: (label) => jsonWord(label, { written: jsonValue(label), type: "constant" }, place),
  });
}

interface Manner {
  readonly field: (hint: Hint, rank: number) => Completion;
  readonly value: (word: string) => Completion;
}

function offered(place: YamlPlace, schema: Schema, { field, value }: Manner): CompletionResult | null {
  const options =
    place.kind === "key" ? fieldsAt(schema, place.path).map(field) : valuesAt(schema, place.path).map(value);
  return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w$-]*$/ };
}

const afterField: Readonly<Record<Hint["holds"], string>> = { value: ": ", fields: ":\n", list: ":\n" };

function yamlField(hint: Hint, rank: number): Completion {
  const { word, holds } = hint;
  return {
    ...aboutField(hint, rank),
    apply: (view, _completion, from, to) => {
      const column = from - view.state.doc.lineAt(from).from;
      const below = { value: "", fields: " ".repeat(column + 2), list: `${" ".repeat(column + 2)}- ` }[holds];
      const insert = `${word}${afterField[holds]}${below}`;
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } });
    },
  };
}

function aboutField({ word, about, isRequired }: Hint, rank: number): Completion {
  return {
    label: word,
    type: "property",
    ...(isRequired ? { detail: "required" } : {}),
    ...(about === "" ? {} : { info: about }),
    boost: Math.max(-99, -rank),
  };
}

/** Where the cursor stands in what is begun: between the brackets. */
const begun: Readonly<Record<Hint["holds"], readonly [string, string]>> = {
  value: ["", ""],
  fields: ["{ ", " }"],
  list: ["[{ ", " }]"],
};

function jsonField(hint: Hint, rank: number, place: JsonPlace): Completion {
  const [before, after] = begun[hint.holds];
  const written = JSON.stringify(hint.word);
  return {
    ...aboutField(hint, rank),
    ...jsonWord(hint.word, { written, type: "property", value: [`: ${before}`, after] }, place),
  };
}

interface JsonWord {
  readonly written: string;
  readonly type: string;
  /** What follows a field's name, where no colon does yet: before and after the cursor. */
  readonly value?: readonly [string, string];
}

/** Takes the place of the quotes that are there already, too. */
function jsonWord(label: string, { written, type, value = ["", ""] }: JsonWord, { isQuoted }: JsonPlace): Completion {
  return {
    label,
    type,
    apply: (view, _completion, from, to) => {
      const rest = view.state.doc.sliceString(to, to + 40);
      const isClosed = isQuoted && rest.startsWith('"');
      const [before, after] = /^"?\s*:/.test(rest) ? ["", ""] : value;
      const start = isQuoted ? from - 1 : from;
      const changes = { from: start, to: isClosed ? to + 1 : to, insert: `${written}${before}${after}` };
      view.dispatch({ changes, selection: { anchor: start + written.length + before.length } });
    },
  };
}

function jsonValue(word: string): string {
  return /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(word) ? word : JSON.stringify(word);
}

/** What a field is that somebody points at. */
export function explain(doc: Text, at: number, schema: Schema | undefined): Tooltip | null {
  const text = doc.toString();
  const field = isJson(text) ? jsonFieldAt(text, at) : yamlFieldAt(doc, at);
  if (field === undefined || schema === undefined) return null;
  const about = aboutAt(schema, field.path);
  if (about === "") return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.className = "cm-about";
    dom.textContent = about;
    return { dom };
  };
  return { pos: field.from, end: field.to, above: true, create };
}

function yamlFieldAt(
  doc: Text,
  at: number,
): { readonly path: readonly Step[]; readonly from: number; readonly to: number } | undefined {
  const line = doc.lineAt(at);
  const key = /^[\s-]*([^\s:#"]+)\s*:/.exec(line.text);
  if (key === null) return undefined;
  const to = line.from + key[0].lastIndexOf(key[1] ?? "") + (key[1] ?? "").length;
  const place = yamlPlace(doc.toString(), to);
  if (place === undefined || at < place.from || at > to) return undefined;
  return { path: [...place.path, { key: place.typed }], from: place.from, to };
}
