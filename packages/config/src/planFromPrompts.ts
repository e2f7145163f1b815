import { escapeTemplate, type InstancePlan, type Plan } from "@claude-orchestrator/domain";
import { commandKeyOf, defaultDescription, defaultName } from "./expand/commandKey.ts";
import { filled } from "./filled.ts";
import type { LoadOptions } from "./loadOptions.ts";
import { limitsOfOverrides } from "./plan/budgetLimits.ts";
import { plainGateway } from "./plan/toGateway.ts";
import { telemetryOf } from "./plan/toTelemetry.ts";

export interface PromptOptions extends Omit<LoadOptions, "fileName" | "directory" | "knownAgents"> {
  /** Without it: claude. */
  readonly agent?: string;
  readonly model?: string;
  readonly permissionMode?: InstancePlan["permissionMode"];
  readonly allowedTools?: readonly string[];
  readonly sessionId?: string;
  /** Of the only instance; ignored where there are several prompts. */
  readonly name?: string;
  readonly description?: string;
  readonly timeoutMs?: number;
}

/**
 * The plan of bare prompts or /commands given on the command line: one instance each, all independent. The texts are
 * taken as they stand; `${{ }}` means nothing in them.
 */
export function planFromPrompts(prompts: readonly string[], options: PromptOptions): Plan {
  const { overrides = {} } = options;
  const names = new Map<string, number>();
  const instances = prompts.map((prompt) => {
    const wanted = (prompts.length === 1 ? options.name : undefined) ?? defaultName(prompt);
    const used = (names.get(wanted) ?? 0) + 1;
    names.set(wanted, used);
    return promptInstance(prompt, used === 1 ? wanted : `${wanted} ${used}`, options);
  });
  return {
    name: instances.length === 1 ? (instances[0]?.name ?? "") : `${instances.length} prompts`,
    workspace: overrides.workspace ?? options.workspace,
    concurrency: overrides.concurrency ?? options.defaultConcurrency,
    startupDelayMs: overrides.startupDelayMs ?? 0,
    ...filled({ startAt: overrides.startAt }),
    variables: { ...overrides.variables },
    limits: limitsOfOverrides(overrides.budget),
    ...(overrides.gateway === true ? { gateway: plainGateway } : {}),
    ...telemetryOf({}, overrides),
    hideBudgets: overrides.budget?.hide ?? false,
    instances,
    notices: [],
  };
}

function promptInstance(prompt: string, name: string, options: PromptOptions): InstancePlan {
  const { overrides = {}, model, allowedTools, sessionId, timeoutMs } = options;
  return {
    name,
    group: name,
    description: options.description ?? defaultDescription(prompt),
    agent: options.agent ?? "claude",
    work: { kind: "prompt", text: escapeTemplate(prompt), before: [] },
    ...filled({ commandKey: commandKeyOf(prompt), model, allowedTools, timeoutMs }),
    addDirs: [],
    permissionMode: options.permissionMode ?? "default",
    outputFormat: "stream-json",
    session: { ...filled({ id: sessionId }), resume: false, clear: false },
    env: { values: {}, pass: [] },
    cwd: overrides.workspace ?? options.workspace,
    needs: [],
    retry: {
      attempts: 1,
      delayMs: 5_000,
      backoff: 2,
      maxDelayMs: 300_000,
      on: ["rate_limit", "overload", "connection", "crash"],
    },
    priority: 0,
    continueOnFailure: false,
    successWhen: [],
    trustWorkspace: overrides.trustWorkspace ?? false,
  };
}
