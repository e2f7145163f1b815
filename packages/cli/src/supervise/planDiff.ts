import { structuredPatch } from "diff";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonValue } from "@claude-orchestrator/domain";
import type { Line, Tone } from "../views/text/line.ts";
import { line, span } from "../views/text/line.ts";
import type { ChangedPart } from "./planChange.ts";
import { inFileWords } from "./planWords.ts";

/** Unchanged lines around a change, so that one sees where it is. */
const contextLines = 2;

/** What has changed, part by part, as a unified diff: `-` as it was when the run began, `+` as it is now. */
export function planDiffLines(parts: readonly ChangedPart[]): readonly Line[] {
  return parts.flatMap((part) => [[span(titleOf(part), "strong")], ...hunkLines(part), line("")]);
}

function titleOf({ what, before, after }: ChangedPart): string {
  if (before === undefined) return `${what} (new)`;
  return after === undefined ? `${what} (gone)` : what;
}

function hunkLines({ before, after }: ChangedPart): readonly Line[] {
  const { hunks } = structuredPatch("", "", textOf(before), textOf(after), "", "", { context: contextLines });
  return hunks.flatMap(({ lines }, at) => [
    ...(at === 0 ? [] : [line("  …", "quiet")]),
    ...lines.filter((each) => !each.startsWith("\\")).map((each) => line(`  ${each}`, toneOf(each))),
  ]);
}

function toneOf(text: string): Tone {
  if (text.startsWith("+")) return "good";
  return text.startsWith("-") ? "bad" : "quiet";
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined ? "" : `${fieldLines(inFileWords(value)).join("\n")}\n`;
}

/** A value as lines a person reads: nearly YAML, never read again by a program. */
function fieldLines(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each: JsonValue) => entryLines("-", each, " "));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([name, each]) => entryLines(name, each, ": "));
  return typeof value === "string" ? value.split("\n") : [JSON.stringify(value)];
}

function entryLines(name: string, value: JsonValue, between: string): readonly string[] {
  const lines = isEmpty(value) ? ["none"] : fieldLines(value);
  const [first = ""] = lines;
  const isFlat = lines.length === 1 && (typeof value !== "object" || value === null || isEmpty(value));
  return isFlat ? [`${name}${between}${first}`] : [`${name}${between}`.trimEnd(), ...lines.map((each) => `  ${each}`)];
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
