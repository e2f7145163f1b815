import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { Draft } from "../expand/draft.ts";
import type { NamedInstances } from "../expand/nameInstances.ts";
import { olderBudgetFields } from "../schema/budgetSchema.ts";
import type { FileFields } from "../schema/fileSchema.ts";
import { quoted } from "../shown.ts";
import { sharedSessions } from "./sessions.ts";

/** The fields an instance had in the older program. */
const olderInstanceFields: ReadonlySet<string> = new Set([
  "command",
  "prompt",
  "name",
  "description",
  "allowed_tools",
  "permission_mode",
  "output_format",
  "session_id",
  "clear_history",
  "compact_history",
  "pre_commands",
  "max_tokens_per_command",
]);

/** Top-level fields that do not make a file one of ours: the older program ignored what it did not know. */
const neutralFields: ReadonlySet<string> = new Set(["name", "description", "workspace"]);

/** True for a file that uses nothing but what the older program (a list of `instances`, a `budget`) understood. */
export function isOldShape(value: JsonValue, knownFields: readonly string[]): boolean {
  if (!isJsonObject(value)) return false;
  const ours = Object.keys(value).filter((key) => key !== "instances" && key !== "budget" && !neutralFields.has(key));
  if (ours.some((key) => knownFields.includes(key))) return false;
  const instances = value["instances"];
  if (!Array.isArray(instances) || !instances.every(isOlderInstance)) return false;
  const budget = value["budget"];
  return !isJsonObject(budget) || !Object.keys(budget).some((key) => isOurBudgetField(key));
}

function isOlderInstance(instance: JsonValue): boolean {
  return isJsonObject(instance) && Object.keys(instance).every((key) => olderInstanceFields.has(key));
}

function isOurBudgetField(key: string): boolean {
  return (
    !olderBudgetFields.includes(key) &&
    ["tokens", "cost_usd", "on_exceed", "windows", "commands", "daily", "machine"].includes(key)
  );
}

export interface LegacyInput {
  readonly file: FileFields;
  readonly drafts: readonly Draft[];
  readonly renamed: NamedInstances["renamed"];
  readonly format: "json" | "yaml";
  /** Top-level keys that mean nothing here, as they did there. */
  readonly ignored: readonly string[];
}

/** What a person who brings a file of the older program should be told once; only what this file really uses. */
export function legacyNotices({ file, drafts, renamed, format, ignored }: LegacyInput): readonly string[] {
  return [
    ...permissionNotice(drafts, format),
    ...renamed.map(
      ({ from, to }) =>
        `The name ${quoted(from)} stands twice: the second is called ${quoted(to)} here, where it would have replaced the first`,
    ),
    ...maxTokensNotice(drafts),
    ...budgetNotices(file),
    ...sessionNotices(drafts),
    ...(drafts.some(hasExpression)
      ? ["`${{ }}` in this file is kept as plain text, since it uses none of the newer fields"]
      : []),
    ...ignored.map(
      (key) => `${quoted(key)} is ignored, as it was by the older program; begin it with // to keep it as a note`,
    ),
  ];
}

function permissionNotice(drafts: readonly Draft[], format: "json" | "yaml"): readonly string[] {
  const silent = drafts.filter(({ fields }) => fields.permission_mode === undefined);
  if (silent.length === 0) return [];
  const line = format === "json" ? '"permission_mode": "bypassPermissions"' : "permission_mode: bypassPermissions";
  const who = silent.length === 1 ? `${quoted(silent[0]?.name ?? "")} does` : `${silent.length} instances do`;
  return [
    `${who} not say \`permission_mode\`: the older program let them do everything, here they run with \`default\`; to allow everything again write \`${line}\` in each`,
  ];
}

function maxTokensNotice(drafts: readonly Draft[]): readonly string[] {
  if (!drafts.some(({ fields }) => fields.max_tokens_per_command !== undefined)) return [];
  return [
    "`max_tokens_per_command` is now a limit on all tokens of its instance, cache reads included; the older program mostly ignored it. It warns; to make it hold write `enforcement_mode` block in `budget`",
  ];
}

function budgetNotices({ budget }: FileFields): readonly string[] {
  if (budget === undefined || budget === null) return [];
  const both = typeof budget.overall_budget === "number" && typeof budget.overall_cost_budget === "number";
  const hasType = typeof budget.budget_type === "string";
  if (!both && !hasType) return [];
  return [
    "Every limit of `budget` holds at once, tokens and dollars each in its own unit; `budget_type` changes nothing",
  ];
}

/** Session names of this shape are taken as they are by the CLIs. */
const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function sessionNotices(drafts: readonly Draft[]): readonly string[] {
  const named = drafts.some(({ fields: { session_id: id } }) => id !== undefined && !uuidShape.test(id));
  const shared = [...sharedSessions(drafts).keys()];
  return [
    ...(named ? ["A `session_id` that is not a UUID is taken as a name, of which a UUID is made"] : []),
    ...shared.map(
      (id) => `The instances that share the session ${quoted(id)} run one after the other here, each continuing it`,
    ),
  ];
}

function hasExpression({ fields }: Draft): boolean {
  const texts = [fields.command, fields.prompt, ...(fields.pre_commands ?? [])];
  return texts.some((text) => text?.includes("${{") === true);
}

/** Notices for files of either shape. */
export function commonNotices(drafts: readonly Draft[]): readonly string[] {
  return drafts
    .filter(({ fields }) => fields.command !== undefined && fields.prompt !== undefined)
    .slice(0, 5)
    .map(({ name }) => `${quoted(name)} has both \`command\` and \`prompt\`: the command is what is asked`);
}

/** A copy without the keys that a file of the older shape may hold and nobody reads. */
export function withoutKeys(value: JsonValue, keys: readonly string[]): JsonValue {
  if (keys.length === 0 || !isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value satisfies JsonObject).filter(([key]) => !keys.includes(key)));
}
