import type { InstanceState, RunState } from "@claude-orchestrator/domain";
import { cleanLines } from "../views/text/cleanText.ts";
import { verdictWord } from "../views/words.ts";
import { unicodeGlyphs } from "../views/text/glyphs.ts";

/** One workflow command of GitHub Actions per instance that did not succeed; skipped ones are notices. */
export function annotations(state: RunState): readonly string[] {
  return [...state.instances.values()].flatMap(annotation);
}

function annotation(instance: InstanceState): readonly string[] {
  const { phase } = instance;
  if (phase.status !== "settled" || phase.verdict === "succeeded") return [];
  const kind = phase.verdict === "skipped" ? "notice" : "error";
  const title = `${instance.name} ${verdictWord(phase.verdict, unicodeGlyphs).word}`;
  const lines = instance.attempts.at(-1)?.end?.lastLines ?? [];
  return [`::${kind} title=${property(title)}::${data([phase.reason, ...lines].join("\n"))}`];
}

/** The message of a workflow command: a line break would end it, and what follows could be a command of its own. */
function data(text: string): string {
  return cleanLines(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
