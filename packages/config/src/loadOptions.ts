import type { JsonObject } from "@claude-orchestrator/domain";

export interface LoadOptions {
  /** As shown to the person. */
  readonly fileName: string;
  /** Absolute path of the folder the file is in: `workspace` of the file is relative to it. Without it: `workspace`. */
  readonly directory?: string;
  /** Absolute path of the folder worked in where neither the file nor a flag names one. */
  readonly workspace: string;
  /** Absolute path of the home folder, for paths that begin with `~/`. */
  readonly home?: string;
  readonly defaultConcurrency: number;
  readonly knownAgents: readonly string[];
  /** From the command line; they win over the file. */
  readonly overrides?: PlanOverrides;
}

export interface PlanOverrides {
  readonly concurrency?: number;
  readonly startupDelayMs?: number;
  /** Absolute. */
  readonly workspace?: string;
  /** As written; checked by `parseStartAt`. */
  readonly startAt?: string;
  readonly trustWorkspace?: boolean;
  /** Added to the file's `variables`, name by name. */
  readonly variables?: JsonObject;
  readonly budget?: BudgetOverrides;
  /** Whether agents ask their models through the gateway, whatever the file says. */
  readonly gateway?: boolean;
  /** Whether spans go to a collector; false: nothing that the file says of telemetry counts. */
  readonly telemetry?: boolean;
  /** At which metrics are served, whatever the file says. */
  readonly metricsPort?: number;
}

/** Each limit given replaces the file's limit of the same kind and unit; `onExceed` applies to every limit of the plan. */
export interface BudgetOverrides {
  readonly tokens?: number;
  readonly costUsd?: number;
  readonly onExceed?: "warn" | "block" | "pause";
  readonly commandTokens?: Readonly<Record<string, number>>;
  readonly commandCostUsd?: Readonly<Record<string, number>>;
  readonly hide?: boolean;
}
