import type { JsonObject } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import type { FileFields } from "../schema/fileSchema.ts";
import type { InstanceFields, StepFields } from "../schema/instanceSchema.ts";
import { quoted } from "../shown.ts";
import type { Path } from "../source/sourceNode.ts";
import { filled } from "../filled.ts";
import type { Draft, DraftFields, DraftNeed } from "./draft.ts";
import { expandMatrix, memberName, mostMembers } from "./expandMatrix.ts";
import type { NamedInstance } from "./nameInstances.ts";

/** A file makes at most this many instances. */
const mostInstances = 10_000;

/** All instances of the file: defaults filled in, matrices and sequences written out. */
export function expandInstances(
  file: FileFields,
  named: readonly NamedInstance[],
  reporter: Reporter,
): readonly Draft[] {
  const drafts: Draft[] = [];
  for (const each of named) {
    drafts.push(...expandOne(file, each, reporter));
    if (drafts.length > mostInstances) {
      reporter.at(["instances", each.index], `the file makes more than ${mostInstances} instances`);
      break;
    }
  }
  reportClashes(drafts, reporter);
  return drafts;
}

function expandOne(file: FileFields, { name, index, fields }: NamedInstance, reporter: Reporter): readonly Draft[] {
  const path: Path = ["instances", index];
  const { matrix, sequence, needs, name: _, ...own } = fields;
  const paths: readonly Path[] = [path, ["defaults"]];
  const merged = merge(filled(file.defaults), filled(own));
  const single: Draft = { name, group: name, fields: merged, needs: readNeeds(needs, path), paths };
  if (sequence !== undefined && sequence !== null) {
    if (matrix !== undefined && matrix !== null) {
      const hint = "give each step its own matrix instance, or write the combinations as instances";
      reporter.at([...path, "matrix"], "`matrix` and `sequence` cannot stand in one instance", { atKey: true, hint });
    }
    return expandSequence(single, sequence);
  }
  return matrix === undefined || matrix === null ? [single] : multiplied(single, matrix, reporter);
}

function multiplied(
  single: Draft,
  matrix: NonNullable<InstanceFields["matrix"]>,
  reporter: Reporter,
): readonly Draft[] {
  const path = [...(single.paths[0] ?? []), "matrix"];
  const members = expandMatrix(matrix);
  if (members === undefined) {
    reporter.at(path, `this matrix makes more than ${mostMembers} instances`);
    return [single];
  }
  if (members.length === 0) reporter.at(path, "this matrix makes no instance at all");
  const names = new Map<string, number>();
  return members.map((member) => {
    const plain = memberName(single.name, member);
    const seen = (names.get(plain) ?? 0) + 1;
    names.set(plain, seen);
    // Two values can read the same once they are cut short.
    const name = seen === 1 ? plain : `${plain} ${seen}`;
    return { ...single, name, matrix: member satisfies JsonObject };
  });
}

type Step = NonNullable<NonNullable<InstanceFields["sequence"]>[number]>;

/** NAME.1, NAME.2, …: each needs the one before, the first what the group needs. */
function expandSequence(group: Draft, steps: readonly Step[]): readonly Draft[] {
  const drafts: Draft[] = [];
  for (const [at, step] of steps.entries()) {
    const path: Path = [...(group.paths[0] ?? []), "sequence", at];
    const { name, needs, ...own }: StepFields = typeof step === "string" ? { prompt: step } : step;
    const before = drafts.at(-1);
    const chain: readonly DraftNeed[] =
      before === undefined ? group.needs : [{ instance: before.name, when: "success", path: undefined }];
    drafts.push({
      name: typeof name === "string" ? name : `${group.name}.${at + 1}`,
      group: group.group,
      fields: merge(group.fields, filled(own)),
      needs: [...chain, ...readNeeds(needs, path)],
      // A step written as mere text has no fields of its own to point at.
      paths: typeof step === "string" ? [path, ...group.paths.slice(0, 1), ["defaults"]] : [path, ...group.paths],
    });
  }
  return drafts;
}

/**
 * Fields that speak of a model, of what it may do and spend, of what it is asked and in which session: they mean nothing to a
 * program of the person's own.
 */
const agentFields: ReadonlySet<string> = new Set([
  "agent",
  "command",
  "prompt",
  "session_id",
  "clear_history",
  "compact_history",
  "pre_commands",
  "budget",
  "max_tokens_per_command",
  "model",
  "fallback_model",
  "effort",
  "system_prompt",
  "append_system_prompt",
  "max_turns",
  "add_dirs",
  "mcp_config",
  "allowed_tools",
  "disallowed_tools",
  "permission_mode",
  "settings",
  "json_schema",
  "output_format",
  "trust_workspace",
  "agent_config",
] satisfies readonly (keyof DraftFields)[]);

/**
 * The later wins, field by field; environment variables are merged by name. What is said for all of them about the agent is
 * not meant for those that run a program.
 */
function merge(shared: DraftFields, own: DraftFields): DraftFields {
  const base: DraftFields =
    own.run === undefined
      ? shared
      : Object.fromEntries(Object.entries(shared).filter(([field]) => !agentFields.has(field)));
  const env = base.env === undefined || own.env === undefined ? {} : { env: { ...base.env, ...own.env } };
  return { ...base, ...own, ...env };
}

function readNeeds(needs: InstanceFields["needs"], path: Path): readonly DraftNeed[] {
  if (needs === undefined || needs === null) return [];
  const isList = Array.isArray(needs);
  return (isList ? needs : [needs]).map((need, at) => {
    const place = isList ? [...path, "needs", at] : [...path, "needs"];
    if (typeof need === "string") return { instance: need, when: "success", path: place };
    return { instance: need.instance, when: need.when ?? "success", path: place };
  });
}

/** Made names (`test (node=22)`, `deploy.1`) must not be names of others. */
function reportClashes(drafts: readonly Draft[], reporter: Reporter): void {
  const seen = new Map<string, Draft>();
  const groups = new Map(drafts.map((draft) => [draft.group, draft]));
  for (const draft of drafts) {
    const other = seen.get(draft.name) ?? groups.get(draft.name);
    if (other !== undefined && other.group !== draft.group) {
      const path = draft.paths[0] ?? [];
      reporter.at(path, `the name ${quoted(draft.name)} is made here, but another instance has it`, {
        hint: "rename one of the two",
      });
    } else if (seen.has(draft.name) && draft.paths[0]?.includes("sequence") === true) {
      reporter.at(draft.paths[0] ?? [], `two steps of this sequence are called ${quoted(draft.name)}`);
    }
    seen.set(draft.name, draft);
  }
}
