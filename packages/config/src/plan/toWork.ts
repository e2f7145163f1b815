import { escapeTemplate, type Work } from "@claude-orchestrator/domain";
import { checkTemplate, type TemplateScope } from "../check/checkTemplate.ts";
import { fieldPath, type Draft } from "../expand/draft.ts";
import { quoted } from "../shown.ts";
import { nearest } from "../suggestions.ts";
import type { Path } from "../source/sourceNode.ts";
import type { PlanContext } from "./context.ts";

/** The text an instance is asked: `command` wins over `prompt`, as it always did. */
export function askedText({ fields: { command, prompt } }: Pick<Draft, "fields">): string | undefined {
  return command ?? prompt;
}

/** The agent of an instance; `run` alone means the `command` agent. */
export function agentOf({ fields: { agent, run } }: Pick<Draft, "fields">): string {
  return agent ?? (run === undefined ? "claude" : "command");
}

/** What an instance does. Reports nothing to do, too much to do, and work its agent cannot do. */
export function toWork(draft: Draft, scope: TemplateScope, context: PlanContext): Work {
  const { run } = draft.fields;
  const text = askedText(draft);
  reportMisfit(draft, context);
  const fill = (each: string, path: Path): string => {
    if (context.isOldShape) return escapeTemplate(each);
    checkTemplate(each, path, scope, context.reporter);
    return each;
  };
  if (run === undefined) {
    const path = fieldPath(draft, draft.fields.command === undefined ? "prompt" : "command", context.reporter);
    return { kind: "prompt", text: fill(text ?? "", path), before: turnsBefore(draft, fill, context) };
  }
  const path = fieldPath(draft, "run", context.reporter);
  if (typeof run !== "string") return { kind: "argv", argv: run.map((word, at) => fill(word, [...path, at])) };
  const open = run.indexOf("${{");
  if (open !== -1) {
    const hint =
      "give the value a name in `env` and use that: a script is never filled in, so nothing can be pasted into a shell";
    context.reporter.at(path, "`${{ }}` cannot stand in a script", { hint, textOffset: open });
  }
  return { kind: "script", script: run };
}

/** `/compact` first, as it was; a leading `/clear` is `clear_history` by another name. */
function turnsBefore(
  draft: Draft,
  fill: (text: string, path: Path) => string,
  { reporter }: PlanContext,
): readonly string[] {
  const { compact_history: compact, pre_commands: given = [] } = draft.fields;
  const path = fieldPath(draft, "pre_commands", reporter);
  const turns = given.map((turn, at) => fill(turn, [...path, at]));
  return [...(compact === true ? ["/compact"] : []), ...(startsWithClear(draft) ? turns.slice(1) : turns)];
}

/** True where the first of `pre_commands` clears the session. */
export function startsWithClear({ fields }: Pick<Draft, "fields">): boolean {
  return fields.pre_commands?.[0]?.trim() === "/clear";
}

const workFields = ["command", "prompt", "run", "sequence"];

/** True where what it should do was written wrongly, or under a wrong name: that has been told already. */
function lostItsWork({ paths }: Draft, { wasRemoved, removedFrom }: PlanContext): boolean {
  return paths.some(
    (path) => wasRemoved(path) || removedFrom(path).some((field) => nearest(field, workFields) !== undefined),
  );
}

function reportMisfit(draft: Draft, context: PlanContext): void {
  const { reporter } = context;
  const path = draft.paths[0] ?? [];
  const hasText = askedText(draft) !== undefined;
  const { run } = draft.fields;
  if (lostItsWork(draft, context)) return;
  if (!hasText && run === undefined) {
    const message = `${quoted(draft.name)} has nothing to do: it has no \`prompt\`, \`command\`, \`run\` or \`sequence\``;
    reporter.at(path, message, { hint: "write what to ask, for example `prompt: …`" });
  } else if (hasText && run !== undefined) {
    const hint = "keep one; to do both, write two steps of a `sequence`";
    reporter.at(fieldPath(draft, "run", reporter), "`run` cannot stand beside a prompt", { hint });
  } else {
    reportWrongAgent(draft, context);
    if (run !== undefined) reportTurns(draft, context);
  }
}

/** Fields that would silently do nothing beside `run`. */
function reportTurns(draft: Draft, { reporter }: PlanContext): void {
  for (const field of ["clear_history", "compact_history", "pre_commands"] as const) {
    if (draft.fields[field] === undefined) continue;
    const hint = "remove it: a program has no session; what should run before it is a step of its own";
    reporter.at(fieldPath(draft, field, reporter), `\`${field}\` means nothing beside \`run\``, { atKey: true, hint });
  }
}

function reportWrongAgent(draft: Draft, context: PlanContext): void {
  const agent = agentOf(draft);
  const { reporter } = context;
  if (draft.fields.run !== undefined && agent !== "command") {
    const hint = "leave `agent` out, or write `agent: command`";
    reporter.at(
      fieldPath(draft, "run", reporter),
      `\`run\` is for the agent \`command\`, but the agent is ${quoted(agent)}`,
      { hint },
    );
  }
  if (draft.fields.run === undefined && agent === "command") {
    const field = draft.fields.command === undefined ? "prompt" : "command";
    const hint = "write `run` with the program and its words, or name another agent";
    reporter.at(fieldPath(draft, field, reporter), "the agent `command` runs programs and cannot be asked", { hint });
  }
}
