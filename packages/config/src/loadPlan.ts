import { isJsonObject, type JsonValue, type Plan } from "@claude-orchestrator/domain";
import { Reporter } from "./check/reporter.ts";
import { checkShape } from "./check/schemaProblems.ts";
import { largestConfigBytes, tooLarge } from "./decodeConfig.ts";
import type { LoadOptions } from "./loadOptions.ts";
import { isOldShape, withoutKeys } from "./plan/legacy.ts";
import { makePlan } from "./plan/makePlan.ts";
import { ProblemList, type Problem } from "./problems.ts";
import { fieldsByLabel } from "./schema/fileSchema.ts";
import { readDocument } from "./source/readDocument.ts";
import { valueOf } from "./source/sourceNode.ts";
import { nearest } from "./suggestions.ts";

export type LoadResult = { readonly plan: Plan } | { readonly problems: readonly Problem[] };

/**
 * The plan a file asks for, or everything that is wrong with the file, in its order. Never throws, whatever the text;
 * bounded in time. `problems` is never empty.
 */
export function loadPlan(given: string, options: LoadOptions): LoadResult {
  const text = given.startsWith("\uFEFF") ? given.slice(1) : given;
  const problems = new ProblemList();
  if (text.length > largestConfigBytes) {
    const { message, hint } = tooLarge(text.length);
    problems.add({ offset: 0, message, hint });
    return { problems: problems.located(options.fileName, text.slice(0, 1_000)) };
  }
  const source = readDocument(text, options.fileName);
  for (const problem of source.problems) problems.add(problem);
  const { root } = source;
  if (root === undefined) return { problems: problems.located(options.fileName, text) };

  const reporter = new Reporter({ text, root }, problems);
  const value = valueOf(root);
  const known = fieldsByLabel["the file"] ?? [];
  const oldShape = isOldShape(value, known);
  const ignored = oldShape ? unreadKeys(value, known) : [];
  const shape = checkShape(() => withoutKeys(valueOf(root), ignored));
  for (const { path, message, atKey, hint } of shape.problems) reporter.at(path, message, { atKey, hint });
  if (shape.file === undefined) return { problems: problems.located(options.fileName, text) };

  const { file, removed } = shape;
  const plan = makePlan({ file, options, reporter, format: source.format, isOldShape: oldShape, ignored, removed });
  return problems.isEmpty ? { plan } : { problems: problems.located(options.fileName, text) };
}

/** The older program ignored unknown top-level keys. One that resembles a field is a misspelling all the same. */
function unreadKeys(value: JsonValue, known: readonly string[]): readonly string[] {
  if (!isJsonObject(value)) return [];
  return Object.keys(value).filter((key) => !known.includes(key) && nearest(key, known) === undefined);
}
