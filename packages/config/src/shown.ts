import { cutAt } from "./expand/commandKey.ts";

/** A piece of the file fit for a sentence: one line, at most 60 characters, nothing that steers a terminal. */
export function quoted(text: string): string {
  const clean = text.replace(/[\s\u2028\u2029]+/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}`]/gu, "\uFFFD");
  return `\`${clean.length > 60 ? `${cutAt(clean, 59).trimEnd()}…` : clean}\``;
}

/** What a value is, for "… but is …": its kind, and itself where that is short. */
export function described(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "empty";
  if (typeof value === "string") return value.trim() === "" ? "an empty text" : `the text ${quoted(value)}`;
  if (typeof value === "number") return `the number ${String(value)}`;
  if (typeof value === "boolean") return `\`${String(value)}\``;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return "an object";
}

/** A path as a person writes it: `instances[2].retry.delay`. */
export function shownPath(path: readonly (string | number)[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return quoted(text.startsWith(".") ? text.slice(1) : text);
}
