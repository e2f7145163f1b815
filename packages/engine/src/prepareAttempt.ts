import { defaultBreakers, ExpressionError } from "@claude-orchestrator/domain";
import type { AttemptState, BreakerPolicy, InstancePlan, JsonObject } from "@claude-orchestrator/domain";
import type { EngineParts, RunRequest } from "./door.ts";
import { composeEnvironment, markerName } from "./environment.ts";
import type { AgentAdapter, AgentJob, GatewayPass, ProcessSpec } from "./ports.ts";
import { ownConfigDirectory, sessionOwner } from "./ownConfigDirectory.ts";
import { createRedactor } from "./redact.ts";
import { askToGoOn, renderInstance } from "./render.ts";
import type { SessionToResume } from "./sessions.ts";
import { throughGateway } from "./throughGateway.ts";

/** Lines over this are handed on cut; 4 to 6 MB have been seen from real agents, so 16 MiB leaves room. */
const maxLineBytes = 16 * 1024 * 1024;

export interface PreparedAttempt {
  readonly instance: InstancePlan;
  readonly number: number;
  readonly adapter: AgentAdapter;
  readonly job: AgentJob;
  readonly spec: ProcessSpec;
  /** Relative to the run's directory. */
  readonly files: { readonly stdout: string; readonly stderr: string };
  readonly redact: (text: string) => string;
  readonly breakers: BreakerPolicy;
  /** Set where its requests to the model go through the gateway. */
  readonly pass?: GatewayPass;
}

export interface AttemptOrder {
  readonly instance: InstancePlan;
  readonly number: number;
  readonly scope: JsonObject;
  readonly resume: SessionToResume | undefined;
  /** Of an attempt that an earlier supervisor began: where its files are and how its processes are marked. */
  readonly begun?: AttemptState;
}

/**
 * Everything about an attempt that can be known before its process exists. Gives a sentence instead where a value cannot
 * be filled in. Pure but for the ids and the way to the model it asks of `parts`.
 */
export function prepareAttempt(
  request: RunRequest,
  parts: EngineParts,
  order: AttemptOrder,
): PreparedAttempt | { readonly problem: string } {
  const adapter = parts.agents.get(order.instance.agent);
  if (adapter === undefined) return { problem: `there is no agent \`${order.instance.agent}\`` };
  const rendered = render(order);
  if ("problem" in rendered) return rendered;
  // An attempt that has begun is where it was begun.
  const cwd = order.begun?.cwd ?? parts.workspaces?.cwdOf(rendered.name) ?? rendered.cwd;
  return assemble({ ...order, instance: { ...rendered, cwd } }, adapter, request, parts);
}

function render({ instance, scope, resume, begun }: AttemptOrder): InstancePlan | { readonly problem: string } {
  try {
    const rendered = renderInstance(instance, scope);
    return resume?.interrupted === true ? askToGoOn(rendered) : rendered;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    // One that has begun had its words when it did: what a changed file makes of them now is of no matter to it.
    return begun === undefined ? { problem: error.message } : instance;
  }
}

function assemble(
  order: AttemptOrder,
  adapter: AgentAdapter,
  request: RunRequest,
  parts: EngineParts,
): PreparedAttempt {
  const { number } = order;
  const { instance, pass, hidden } = throughGateway(order, adapter, request, parts);
  const place = placeOf(order, request);
  const { files, marker } = place;
  const privateDirectory = `${request.directory}/${place.privateDirectory}`;
  const job = makeJob({ ...order, instance }, adapter, privateDirectory, { request, parts, hidden });
  const invocation = adapter.invocation(job);
  const folder = folderName(request, sessionOwner(request.plan, instance));
  const config = ownConfigDirectory(
    adapter,
    instance,
    `${request.directory}/agent-config/${folder}`,
    parts.environment,
  );
  const told = { env: { ...parts.environmentOf?.(instance.name, number), ...invocation.env, ...config?.env }, hidden };
  const env = composeEnvironment(parts.environment, adapter, instance, told);
  return {
    instance,
    number,
    adapter,
    job,
    files,
    redact: createRedactor(env, parts.gateway?.keys ?? {}),
    breakers: request.plan.breakers ?? defaultBreakers,
    ...(pass === undefined ? {} : { pass }),
    spec: {
      argv: invocation.argv,
      cwd: instance.cwd,
      env,
      ...(invocation.stdin === undefined ? {} : { stdin: invocation.stdin }),
      marker: { name: markerName(request.id), value: marker },
      spool: { stdout: `${request.directory}/${files.stdout}`, stderr: `${request.directory}/${files.stderr}` },
      privateDirectory,
      files: invocation.files,
      ...(config === undefined ? {} : { configDirectory: config.directory }),
      maxLineBytes,
    },
  };
}

/** Relative to the run's directory. The plan may have changed since an attempt began: it stays where it is. */
function placeOf({ instance, number, begun }: AttemptOrder, request: RunRequest) {
  const folder = folderName(request, instance);
  const files = begun?.files ?? {
    stdout: `attempts/${folder}-${number}.stdout`,
    stderr: `attempts/${folder}-${number}.stderr`,
  };
  return {
    files,
    marker: begun?.marker ?? `${folder}/${number}`,
    privateDirectory: files.stdout.replace(/^attempts\//, "private/").replace(/\.stdout$/, ""),
  };
}

function makeJob(
  order: AttemptOrder,
  adapter: AgentAdapter,
  privateDirectory: string,
  {
    request,
    parts,
    hidden,
  }: { readonly request: RunRequest; readonly parts: EngineParts; readonly hidden: readonly string[] },
): AgentJob {
  const { instance } = order;
  const context = instance.trustWorkspace ? undefined : request.contexts.get(instance.cwd);
  return {
    instance,
    attempt: order.number,
    program: request.programs.get(instance.agent)?.words ?? [],
    privateDirectory,
    freshSessionId: parts.uuid(),
    ...(order.resume === undefined ? {} : { resumeSession: order.resume.session }),
    ...(order.resume?.countedBefore === undefined ? {} : { countedBefore: order.resume.countedBefore }),
    isRoot: parts.environment.isRoot,
    presentEnv: adapter.passEnv.filter((name) => !hidden.includes(name) && parts.environment.get(name) !== undefined),
    ...(context === undefined ? {} : { workspaceContext: context }),
  };
}

/**
 * A file name for any instance name: its number in the plan makes it unique, what is left of its letters makes it
 * readable. Names come from a file, so nothing else of them may reach a path.
 */
function folderName(request: RunRequest, instance: InstancePlan): string {
  const index = request.plan.instances.findIndex(({ name }) => name === instance.name);
  const readable = instance.name
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40);
  return `${String(index + 1).padStart(3, "0")}${readable === "" ? "" : `-${readable}`}`;
}
