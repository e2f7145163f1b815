import { agentByName } from "@claude-orchestrator/agents";
import { membersOf } from "@claude-orchestrator/domain";
import type { InstancePlan, Plan } from "@claude-orchestrator/domain";
import { composeEnvironment, createRedactor, withoutSecrets } from "@claude-orchestrator/engine";
import { createEnvironment } from "@claude-orchestrator/host";
import { gatewayPaths } from "../gateway/gatewayPaths.ts";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { planLines } from "../views/planLines.ts";
import type { PlannedInstance } from "../views/planLines.ts";
import { checkBeforeStart } from "./preflight.ts";
import type { Preflight } from "./preflight.ts";
import { refuseIf } from "./problems.ts";
import { readPlan } from "./readPlan.ts";
import type { PlanFlagValues } from "./readPlan.ts";
import { newRunsFolder } from "./runsFolder.ts";
import { workspaceContexts } from "./workspace.ts";

/** `plan`: what a run would do, exactly; 2 where something keeps it from starting. */
export async function showPlan(
  words: readonly string[],
  flags: PlanFlagValues & { readonly json: boolean; readonly forecast?: boolean },
  io: Io,
): Promise<number> {
  const read = await readPlan(words, flags, io);
  const preflight = await checkBeforeStart(read.plan, flags, io);
  const { plan, obstacles } = preflight;
  const folder = newRunsFolder(io, flags["runs-dir"]);
  const planned = withPaths(previewInstances(preflight, folder, io), plan, flags, io);
  const forecast = flags.forecast === true ? await forecastOf(plan, flags, io) : undefined;
  const problems = obstacles.map(({ message, hint }) => (hint === undefined ? { message } : { message, hint }));
  if (flags.json)
    io.out.json({
      plan: withoutSecrets(plan),
      start_at: preflight.startAt ?? null,
      runs_folder: folder,
      instances: planned,
      problems,
      ...(forecast === undefined ? {} : { forecast: forecast.json }),
    });
  else {
    io.out.lines(
      planLines(plan, planned, {
        columns: io.out.columns,
        runsFolder: folder,
        ...(preflight.startAt === undefined ? {} : { startAt: preflight.startAt }),
        isReplay: flags.replay !== undefined,
      }),
    );
    if (forecast !== undefined) io.out.lines(forecast.lines);
    refuseIf(obstacles);
    io.talk.write(
      `\nNothing was started: \`${programName} run\` with the same words does it (session ids, and what stands in \`\${{ … }}\`, are put in then)\n`,
    );
  }
  return obstacles.length > 0 ? 2 : 0;
}

async function forecastOf(plan: Plan, flags: PlanFlagValues, io: Io) {
  // Apart: most plans are looked at without.
  const { forecastJson, forecastLines, forecastPlan } = await import("../forecast/door.ts");
  const forecast = forecastPlan(plan, flags["runs-dir"], io);
  return { json: forecastJson(forecast), lines: forecastLines(plan, forecast, io.out.columns) };
}

/** Stands for a session id that is made at the start; adapters want one of the right form. */
const placeholderId = "00000000-0000-4000-8000-000000000000";

/** What every process gets beside what was asked for: a folder for temporary files, and the mark it is found by. */
const addedVariables = ["TMPDIR", "CLAUDE_ORCHESTRATOR_ATTEMPT_<run>"];

/** What each instance's first attempt would be. Values known only later stay as `${{ … }}`. */
function previewInstances({ plan, agents }: Preflight, folder: string, io: Io): readonly PlannedInstance[] {
  const environment = createEnvironment(io.env);
  const contexts = workspaceContexts(plan);
  const levels = levelsOf(plan);
  return plan.instances.flatMap((instance, index): readonly PlannedInstance[] => {
    const adapter = agentByName(instance.agent);
    if (adapter === undefined) return [];
    const location = agents.find((agent) => agent.adapter.name === adapter.name)?.location;
    const context = instance.trustWorkspace ? undefined : contexts.get(instance.cwd);
    const invocation = adapter.invocation({
      instance,
      attempt: 1,
      program:
        location?.found === true ? location.words : adapter.program === undefined ? [] : [adapter.program.binary],
      privateDirectory: `${folder}/RUN/private/${String(index + 1).padStart(3, "0")}`,
      freshSessionId: placeholderId,
      isRoot: environment.isRoot,
      presentEnv: adapter.passEnv.filter((name) => environment.get(name) !== undefined),
      ...(context === undefined ? {} : { workspaceContext: context }),
    });
    const env = composeEnvironment(environment, adapter, instance, invocation);
    const redact = createRedactor(env);
    return [
      {
        name: instance.name,
        level: levels.get(instance.name) ?? 1,
        needs: instance.needs.map((need) => ({
          instance: need.instance,
          when: typeof need.when === "string" ? need.when : need.when.expression,
        })),
        argv: invocation.argv.map((word) => redact(word).replaceAll(placeholderId, "<new session id>")),
        env: [...new Set([...Object.keys(env), ...addedVariables])].toSorted(),
        stdin_bytes: Buffer.byteLength(invocation.stdin ?? ""),
        files: Object.keys(invocation.files),
      },
    ];
  });
}

/** With how each would ask its model, where there is a gateway. All of a replay goes through it. */
function withPaths(
  planned: readonly PlannedInstance[],
  plan: Plan,
  { replay }: Pick<PlanFlagValues, "replay">,
  io: Pick<Io, "env">,
): readonly PlannedInstance[] {
  const paths = new Map(gatewayPaths(plan, io).map(({ name, path }) => [name, path] as const));
  return planned.map((each) => {
    const path = paths.get(each.name);
    return path === undefined ? each : { ...each, budget_path: replay === undefined ? path : "hard" };
  });
}

/** 1 for what needs nothing, else one more than the highest level among its needs. */
export function levelsOf(plan: Plan): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  const levelOf = (instance: InstancePlan): number => {
    const known = levels.get(instance.name);
    if (known !== undefined) return known;
    // A circle is refused when a file is read; marking first keeps even that from never ending.
    levels.set(instance.name, 1);
    const needed = instance.needs.flatMap((need) => membersOf(plan, need.instance));
    const level = 1 + Math.max(0, ...needed.map(levelOf));
    levels.set(instance.name, level);
    return level;
  };
  for (const instance of plan.instances) levelOf(instance);
  return levels;
}
