import { statSync } from "node:fs";
import { resolve } from "node:path";
import { insideFence } from "@claude-orchestrator/domain";
import type { Acceptance } from "@claude-orchestrator/domain";
import type { CheckAnswer, CheckContext, CheckRunner, Clock, ProcessHost } from "@claude-orchestrator/engine/ports";
import { readBoundedText, realPathInside } from "../insideFolder.ts";
import { runCommandCheck } from "./commandCheck.ts";
import { matchPattern } from "./patternCheck.ts";
import { validateJson } from "./schemaCheck.ts";
import { shellWords } from "./shellWords.ts";
import { createWorkspaceDigest } from "./workspaceDigest.ts";

export interface CheckRunnerOptions {
  readonly host: ProcessHost;
  readonly clock: Clock;
}

/** A pattern is tried on so much of a text, and JSON is read from so much. */
const mostPatternBytes = 1024 * 1024;
const mostJsonBytes = 16 * 1024 * 1024;

/** What a check found: `ok`, and a sentence on why. */
export interface Finding {
  readonly ok: boolean;
  readonly detail: string;
}

/** Checks of acceptance on this machine. Commands run like attempts do: marked, bounded in time, swept when they end. */
export function createCheckRunner(options: CheckRunnerOptions): CheckRunner {
  const digest = createWorkspaceDigest();
  const decide = async (check: Acceptance, context: CheckContext): Promise<Finding> => {
    switch (check.kind) {
      case "command":
        return runCommandCheck(options, check.argv, context);
      case "script":
        return runCommandCheck(options, shellWords(check.script), context);
      case "file":
        return checkFile(check.path, context.cwd);
      case "pattern": {
        const subject = textOf(check.path, context, mostPatternBytes);
        return "ok" in subject ? subject : matchPattern(check, subject.text.slice(0, mostPatternBytes), context);
      }
      case "json_schema":
        return checkSchema(check, context);
      case "workspace_changed":
        return checkChanged(context, await digest(context.cwd));
    }
  };
  return {
    snapshot: async (cwd) => ({ digest: (await digest(cwd)) ?? "" }),
    run: async (check, context): Promise<CheckAnswer> => {
      const words = describeCheck(check);
      try {
        return { check: words, ...(await decide(check, context)) };
      } catch (error) {
        return { check: words, ok: false, detail: `the check could not be made: ${messageOf(error)}` };
      }
    },
  };
}

/** What is asked, in words: "`npm test` exits 0". */
export function describeCheck(check: Acceptance): string {
  switch (check.kind) {
    case "command":
      return `\`${check.argv.join(" ")}\` exits 0`;
    case "script":
      return `the script \`${check.script.trim().split("\n", 1)[0] ?? ""}\` exits 0`;
    case "file":
      return `the file ${check.path} exists`;
    case "pattern":
      return `${check.path ?? "the answer"} matches /${check.pattern}/${check.flags}`;
    case "json_schema":
      return `${check.path ?? "the answer"} fits the JSON schema`;
    case "workspace_changed":
      return "the workspace changed while it ran";
  }
}

function checkFile(path: string, cwd: string): Finding {
  const absolute = resolve(cwd, path);
  if (statSync(absolute, { throwIfNoEntry: false }) === undefined) return { ok: false, detail: `there is no ${path}` };
  return realPathInside(cwd, absolute) === undefined
    ? { ok: false, detail: `${path} lies outside the instance's folder` }
    : { ok: true, detail: `${path} is there` };
}

/** The text to look at: the file, else the final answer; or why there is none. */
function textOf(path: string | undefined, context: CheckContext, most: number): { readonly text: string } | Finding {
  if (path === undefined) {
    return context.result === undefined
      ? { ok: false, detail: "there is no answer to look at" }
      : { text: context.result };
  }
  const there = checkFile(path, context.cwd);
  if (!there.ok) return there;
  const real = realPathInside(context.cwd, resolve(context.cwd, path));
  const read = real === undefined ? undefined : readBoundedText(real, most);
  return read ?? { ok: false, detail: `${path} cannot be read` };
}

async function checkSchema(
  check: Extract<Acceptance, { kind: "json_schema" }>,
  context: CheckContext,
): Promise<Finding> {
  if (check.path === undefined && context.structured !== undefined)
    return validateJson(check.schema, context.structured);
  const subject = textOf(check.path, context, mostJsonBytes);
  if ("ok" in subject) return subject;
  if (subject.text.length > mostJsonBytes) return { ok: false, detail: "the answer is too long to be read as JSON" };
  let value: unknown;
  try {
    // Models like to put JSON between fences of Markdown, also when asked for JSON alone.
    value = JSON.parse(insideFence(subject.text) ?? subject.text);
  } catch (error) {
    return { ok: false, detail: `it is not JSON: ${messageOf(error)}` };
  }
  return validateJson(check.schema, value);
}

function checkChanged({ before }: CheckContext, after: string | undefined): Finding {
  if (before === undefined || before.digest === "" || after === undefined) {
    return { ok: false, detail: "the workspace could not be compared with how it was before" };
  }
  return before.digest === after
    ? { ok: false, detail: "nothing in the workspace changed" }
    : { ok: true, detail: "the workspace changed" };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
