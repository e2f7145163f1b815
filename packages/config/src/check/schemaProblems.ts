import type { JsonValue } from "@claude-orchestrator/domain";
import type * as z from "zod/mini";
import type { Hint } from "../problems.ts";
import { fieldsByLabel, fileSchema, type FileFields } from "../schema/fileSchema.ts";
import { described, quoted, shownPath } from "../shown.ts";
import type { Path } from "../source/sourceNode.ts";
import { nearest, suggestion } from "../suggestions.ts";

/** A problem by the path of the value it is about. */
export interface PathProblem {
  readonly path: Path;
  /** True: it is the key that is wrong, not the value. */
  readonly atKey: boolean;
  readonly message: string;
  readonly hint?: Hint | undefined;
}

export interface ShapeResult {
  /** The file without what was wrong in it, so that the rest can be checked as well. Undefined where nothing is left. */
  readonly file: FileFields | undefined;
  readonly problems: readonly PathProblem[];
  /** The fields (or items) that were taken out. */
  readonly removed: readonly Path[];
}

/**
 * Checks the value of a file against the schema.
 *
 * @param fresh gives a new copy of the value, each of which may be changed
 */
export function checkShape(fresh: () => JsonValue): ShapeResult {
  const value = fresh();
  const first = fileSchema.safeParse(value);
  if (first.success) return { file: first.data, problems: [], removed: [] };
  const problems = first.error.issues.flatMap((issue) => problemsOf(issue, [], value));
  const pruned = fresh();
  const removed: Path[] = [];
  let issues: readonly z.core.$ZodIssue[] = first.error.issues;
  // What was hidden behind a removed value may be wrong too; a few rounds are enough for anything but malice.
  for (let round = 0; round < 4; round += 1) {
    const paths = issues.flatMap((issue) => pathsToRemove(issue));
    if (!paths.every((path) => removeAt(pruned, path))) break;
    removed.push(...paths);
    const again = fileSchema.safeParse(pruned);
    if (again.success) return { file: again.data, problems, removed };
    issues = again.error.issues;
  }
  return { file: undefined, problems, removed };
}

/** What is wrong, in sentences, one or more for an issue of the schema. */
export function problemsOf(issue: z.core.$ZodIssue, base: Path, root: JsonValue): readonly PathProblem[] {
  const path = [...base, ...issuePath(issue)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownField(key, issue.message, path));
    case "invalid_union":
      return unionProblems(issue, path, root);
    case "invalid_key": {
      const wanted = issue.issues[0]?.message ?? "a name";
      return [{ path, atKey: true, message: `the key ${quoted(String(path.at(-1) ?? ""))} must be ${wanted}` }];
    }
    default:
      return [wrongValue(path, issue.message, valueAt(root, path))];
  }
}

function unknownField(key: string, label: string, path: Path): PathProblem {
  const merge = key === "<<" ? "YAML 1.2 has no merge keys: put what instances share into `defaults`" : undefined;
  const near = (): string =>
    suggestion(key, fieldsByLabel[label] ?? []) ?? "remove it, or begin it with // to keep it as a note";
  return {
    path: [...path, key],
    atKey: true,
    message: `${quoted(key)} is not a field of ${label}`,
    hint: merge ?? near,
  };
}

/** Where one way of writing fits the kind of value, what is wrong inside is told; otherwise what kinds there are. */
function unionProblems(
  issue: Extract<z.core.$ZodIssue, { readonly code: "invalid_union" }>,
  path: Path,
  root: JsonValue,
): readonly PathProblem[] {
  const fitting = issue.errors.find((branch) => branch.length > 0 && branch.every((each) => !isWrongKind(each)));
  if (fitting !== undefined) return fitting.flatMap((inner) => problemsOf(inner, path, root));
  return [wrongValue(path, issue.message, valueAt(root, path))];
}

function isWrongKind(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && issue.code !== "unrecognized_keys" && issue.code !== "too_small";
}

function wrongValue(path: Path, wanted: string, value: unknown): PathProblem {
  if (path.length === 0) {
    const message = `the file must be an object with a list of \`instances\`, but is ${described(value)}`;
    return { path, atKey: false, message };
  }
  if (value === undefined) {
    return { path: path.slice(0, -1), atKey: false, message: `${shownPath(path)} is missing: it must be ${wanted}` };
  }
  const message = `${shownPath(path)} must be ${wordsFor(wanted, path)}, but is ${described(value)}`;
  return { path, atKey: false, message, hint: () => hintFor(wanted, value, path) };
}

/** A label such as "an instance" alone would not say what to write. */
function wordsFor(wanted: string, path: Path): string {
  if (!Object.hasOwn(fieldsByLabel, wanted)) return wanted;
  return path.at(-1) === "budget" || path.at(-1) === "defaults" ? "an object" : `${wanted}: an object`;
}

function hintFor(wanted: string, value: unknown, path: Path): string | undefined {
  if (typeof value === "string") return hintForText(wanted, value, path);
  const isPlain = typeof value === "number" || typeof value === "boolean";
  return isPlain && /\b(?:text|name)\b/.test(wanted) ? `put it in quotes: "${String(value)}"` : undefined;
}

function hintForText(wanted: string, value: string, path: Path): string | undefined {
  const bare = value.trim();
  if (wanted.includes("number") && bare !== "" && Number.isFinite(Number(bare)))
    return `write it without quotes: ${bare}`;
  if (path.at(-1) === "json_schema") return "write the schema itself here, not the path of a file";
  if (wanted.startsWith("a list")) return "write it as a list, also where there is one";
  const near = nearest(value, wordsIn(wanted));
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/** The words there are to choose from; what else may be written there is not one of them. */
function wordsIn(wanted: string): readonly string[] {
  const [, list = ""] = /^one of (.+)$/.exec(wanted) ?? [];
  return list.split(", ").filter((word) => /^[\w.-]+$/.test(word));
}

function valueAt(root: JsonValue, path: Path): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return value;
}

/** The fields to take out for an issue: unknown ones alone, otherwise the field of the instance, step or file it is in. */
function pathsToRemove(issue: z.core.$ZodIssue): readonly Path[] {
  const path = issuePath(issue);
  const isField = path.length === 0 || fieldLength(path) === path.length + 1;
  if (issue.code === "unrecognized_keys" && isField) return issue.keys.map((key) => [...path, key]);
  const inner =
    issue.code === "invalid_union" ? (issue.errors.flat().find((each) => each.path.length > 0)?.path ?? []) : [];
  const deepest = [...path, ...inner.filter((key) => typeof key !== "symbol")];
  return [
    path[0] === "instances"
      ? deepest.slice(0, Math.min(fieldLength(deepest), deepest.length))
      : path.slice(0, path[0] === "notify" ? 1 : 2),
  ];
}

/** How many keys lead to a field: `instances[0].retry`, `instances[0].sequence[1].retry`, `defaults.retry`. */
function fieldLength(path: Path): number {
  if (path[0] !== "instances") return path[0] === "defaults" ? 2 : 1;
  return path[2] === "sequence" ? 5 : 3;
}

function removeAt(root: JsonValue, path: Path): boolean {
  const last = path.at(-1);
  const holder = valueAt(root, path.slice(0, -1));
  if (last === undefined || typeof holder !== "object" || holder === null) return false;
  if (Array.isArray(holder)) {
    // Keeps the places of the others, so that paths stay true.
    const items: unknown[] = holder;
    items[Number(last)] = path.length === 2 ? { prompt: "removed" } : "removed";
    return true;
  }
  return Reflect.deleteProperty(holder, last);
}

function issuePath(issue: z.core.$ZodIssue): Path {
  return issue.path.filter((key) => typeof key !== "symbol");
}
