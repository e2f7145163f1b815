import { isJsonObject } from "@claude-orchestrator/domain";
import { Reporter } from "../check/reporter.ts";
import { problemsOf } from "../check/schemaProblems.ts";
import { lineOf, lineStartsOf, ProblemList, type Problem } from "../problems.ts";
import { described, quoted } from "../shown.ts";
import { emptyFile, readDocument } from "../source/readDocument.ts";
import { entryAt, valueOf, type SourceNode } from "../source/sourceNode.ts";
import { suggestion } from "../suggestions.ts";
import { policySchema, type PolicyFields } from "./policySchema.ts";

/** One setting an administrator has locked. */
export interface Lock<Value> {
  readonly value: Value;
  /** The file and the line it stands in, for sentences that refuse: `/etc/claude-orchestrator/policy.yaml:3`. */
  readonly at: string;
}

export type Locks = {
  readonly [Field in keyof PolicyFields]?: Lock<NonNullable<PolicyFields[Field]>>;
};

export interface Policy {
  /** As shown to the person. */
  readonly source: string;
  readonly locks: Locks;
}

interface PolicyOptions {
  /** As shown to the person. */
  readonly fileName: string;
  readonly knownAgents: readonly string[];
}

export type PolicyResult = { readonly policy: Policy } | { readonly problems: readonly Problem[] };

/**
 * What a policy file locks, or everything that is wrong with it: half a policy is never taken for one. Never throws. A file
 * that locks nothing is a problem too, since whoever wrote it thought otherwise.
 */
export function loadPolicy(text: string, options: PolicyOptions): PolicyResult {
  const problems = new ProblemList();
  const locks = readLocks(text, options, problems);
  if (locks !== undefined && problems.isEmpty) return { policy: { source: options.fileName, locks } };
  return { problems: problems.located(options.fileName, text) };
}

/** Undefined only where a problem says why. */
function readLocks(text: string, options: PolicyOptions, problems: ProblemList): Locks | undefined {
  const { root, problems: found } = readDocument(text, options.fileName);
  for (const problem of found.filter((each) => each !== emptyFile)) problems.add(problem);
  const value = root === undefined ? undefined : valueOf(root);
  if (root === undefined || !isJsonObject(value) || Object.keys(value).length === 0) {
    if (problems.isEmpty) problems.add(nothingLocked(value));
    return undefined;
  }
  const reporter = new Reporter({ text, root }, problems);
  const parsed = policySchema.safeParse(value);
  const wrong = (parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue, [], value));
  for (const { path, message, atKey, hint } of wrong) reporter.at(path, message, { atKey, hint });
  if (parsed.data === undefined) return undefined;
  checkAgents(parsed.data, options, reporter);
  return locksOf(parsed.data, { root, text }, options.fileName);
}

/** A misspelt name would lock an agent out without a word. */
function checkAgents({ agents = [] }: PolicyFields, { knownAgents }: PolicyOptions, reporter: Reporter): void {
  for (const [index, name] of agents.entries()) {
    if (knownAgents.includes(name)) continue;
    reporter.at(["agents", index], `there is no agent ${quoted(name)}`, { hint: suggestion(name, knownAgents) });
  }
}

function nothingLocked(value: unknown): { readonly offset: number; readonly message: string; readonly hint: string } {
  const what =
    value === undefined || value === null || isJsonObject(value) ? "locks nothing" : `is ${described(value)}`;
  return {
    offset: 0,
    message: `the policy must be an object of settings, but ${what}`,
    hint: "write what it locks, such as `trust_workspace: never`, or remove the file",
  };
}

function locksOf(
  fields: PolicyFields,
  { root, text }: { readonly root: SourceNode; readonly text: string },
  fileName: string,
): Locks {
  const lineStarts = lineStartsOf(text);
  const locks = Object.entries(fields).map(([field, value]) => {
    const line = lineOf(lineStarts, entryAt(root, [field])?.keySpan?.start ?? 0);
    return [field, { value, at: `${fileName}:${line}` }] as const;
  });
  return Object.fromEntries(locks);
}
