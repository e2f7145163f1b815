import type { InstancePlan, JsonObject, Plan } from "@claude-orchestrator/domain";
import { checkGraph, needGraph } from "../check/checkGraph.ts";
import type { Reporter } from "../check/reporter.ts";
import { cutAt } from "../expand/commandKey.ts";
import type { Draft } from "../expand/draft.ts";
import { expandInstances } from "../expand/expandInstances.ts";
import { nameInstances } from "../expand/nameInstances.ts";
import { filled } from "../filled.ts";
import type { LoadOptions, PlanOverrides } from "../loadOptions.ts";
import { resolvePath } from "../resolvePath.ts";
import type { FileFields } from "../schema/fileSchema.ts";
import type { Path } from "../source/sourceNode.ts";
import { parseStartAt } from "../startAt.ts";
import type { PlanContext } from "./context.ts";
import { toMilliseconds } from "./durations.ts";
import { fillEarly } from "./fillEarly.ts";
import { commonNotices, legacyNotices } from "./legacy.ts";
import { gatewayNotices } from "./gatewayNotices.ts";
import { chainSessions, resumingInstances } from "./sessions.ts";
import { toBreakers } from "./toBreakers.ts";
import { toGateway } from "./toGateway.ts";
import { toInstance } from "./toInstance.ts";
import { toDiskBounds } from "./toIsolation.ts";
import { toLimits } from "./toLimits.ts";
import { toRetention } from "./toRetention.ts";
import { toNotify } from "./toNotify.ts";
import { toTelemetry } from "./toTelemetry.ts";
import { toUsage } from "./toUsage.ts";

export interface MakePlanInput {
  readonly file: FileFields;
  readonly options: LoadOptions;
  readonly reporter: Reporter;
  readonly format: "json" | "yaml";
  readonly isOldShape: boolean;
  /** Top-level keys nobody reads. */
  readonly ignored: readonly string[];
  /** What the schema found wrong, and is not in `file` any more. */
  readonly removed: readonly Path[];
}

/** The plan of a file that fits the schema. What else is wrong with it is reported; the plan then is of no use. */
export function makePlan(input: MakePlanInput): Plan {
  const { file, options, reporter, isOldShape } = input;
  const named = nameInstances(file.instances, reporter, isOldShape);
  const expanded = expandInstances(file, named.instances, reporter);
  const context = contextOf(input, expanded);
  const filledIn = expanded.map((draft) => fillEarly(draft, context));
  const drafts = isOldShape ? chainSessions(filledIn) : filledIn;

  const graph = needGraph(drafts);
  // Where a name was lost to another problem, every need of it would look wrong.
  const isWhole = !input.removed.some(
    (path) => path[0] === "instances" && (path.length === 2 || path.at(-1) === "name"),
  );
  if (isWhole) checkGraph(drafts, graph, reporter);
  const resuming = resumingInstances(drafts, graph, reporter);
  const instances = drafts.map((draft) => withSession(toInstance(draft, context), resuming));
  const { limits, notices } = toLimits({
    budget: file.budget,
    drafts,
    instances,
    overrides: options.overrides?.budget,
    reporter,
    gateway: file.gateway,
  });
  const older = isOldShape ? legacyNotices({ ...input, drafts: filledIn, renamed: named.renamed }) : [];
  const held = { ...toGateway(file.gateway, options, reporter), ...toBreakers(file) };
  const { name = baseName(options.fileName), description } = filled(file);
  return {
    name,
    ...filled({ description }),
    workspace: context.workspace,
    ...schedule(file, options, reporter),
    variables: context.variables,
    limits,
    ...filled({ admission: file.budget?.admission }),
    hideBudgets: options.overrides?.budget?.hide ?? file.budget?.disable_visuals ?? false,
    instances,
    ...toRetention(file, reporter),
    ...watching(file, reporter),
    ...held,
    ...toDiskBounds(file.disk),
    ...toTelemetry(file.telemetry, options.overrides, reporter),
    notices: [...older, ...commonNotices(drafts), ...notices, ...gatewayNotices({ limits, ...held })],
  };
}

function contextOf(
  { file, options, reporter, isOldShape, removed }: MakePlanInput,
  drafts: readonly Draft[],
): PlanContext {
  const { overrides = {} } = options;
  return {
    options,
    reporter,
    workspace: workspaceOf(file, options, reporter),
    variables: { ...(file.variables as JsonObject | undefined), ...overrides.variables },
    trustWorkspace: overrides.trustWorkspace ?? file.trust_workspace ?? false,
    names: new Set(drafts.flatMap((draft) => [draft.name, draft.group])),
    isOldShape,
    ...removals(removed),
  };
}

function withSession(instance: InstancePlan, resuming: ReadonlyMap<string, string>): InstancePlan {
  const { session } = instance;
  const follows = resuming.get(instance.name);
  if (follows === undefined || session.clear) return instance;
  return { ...instance, session: { ...session, resume: true, follows } };
}

function removals(removed: readonly Path[]): Pick<PlanContext, "wasRemoved" | "removedFrom"> {
  const asText = (path: Path): string => path.join("\n");
  const all = new Set(removed.map(asText));
  const byHolder = new Map<string, string[]>();
  for (const path of removed) {
    const holder = asText(path.slice(0, -1));
    const fields = byHolder.get(holder);
    if (fields === undefined) byHolder.set(holder, [String(path.at(-1))]);
    else fields.push(String(path.at(-1)));
  }
  return {
    wasRemoved: (path) => all.has(asText(path)),
    removedFrom: (path) => byHolder.get(asText(path)) ?? [],
  };
}

function workspaceOf(file: FileFields, options: LoadOptions, reporter: Reporter): string {
  if (options.overrides?.workspace !== undefined) return options.overrides.workspace;
  if (typeof file.workspace !== "string") return options.workspace;
  const resolved = resolvePath(options.directory ?? options.workspace, file.workspace, options.home);
  if (resolved === undefined) reporter.at(["workspace"], "`~` is not known here", { hint: "write the path out" });
  return resolved ?? options.workspace;
}

function schedule(
  file: FileFields,
  { overrides = {}, defaultConcurrency }: LoadOptions,
  reporter: Reporter,
): Pick<Plan, "concurrency" | "startupDelayMs" | "startAt"> {
  const { concurrency = defaultConcurrency, startup_delay: delay = 0, start_at: startAt } = filled(file);
  // Only the form is checked here: which moment it means is worked out when the run begins.
  const read = parseStartAt(startAt ?? "", 0);
  if ("message" in read) reporter.at(["start_at"], read.message, { hint: read.hint });
  const startupDelayMs = toMilliseconds(delay, ["startup_delay"], reporter, "from-zero");
  return { concurrency, startupDelayMs, ...filled({ startAt }), ...pickSchedule(overrides) };
}

function watching(file: FileFields, reporter: Reporter): Pick<Plan, "notify" | "usage"> {
  const notify = toNotify(file.notify, reporter);
  return filled({ notify: notify.length === 0 ? undefined : notify, usage: toUsage(file, reporter) });
}

function pickSchedule({ concurrency, startupDelayMs, startAt }: PlanOverrides): Partial<Plan> {
  return filled({ concurrency, startupDelayMs, startAt });
}

/** `fleet` of `some/folder/fleet.yaml`. */
function baseName(fileName: string): string {
  const last = fileName.split(/[/\\]/).at(-1) ?? "";
  return cutAt(last.replace(/\.(?:ya?ml|json)$/i, ""), 200) || "run";
}
