import type { LoggedEvent, Plan, RunId } from "@claude-orchestrator/domain";
import type { EngineParts, RunControl } from "@claude-orchestrator/engine";
import type { GatewayOptions } from "@claude-orchestrator/gateway";
import type { RunLock, RunLog, SpendingLedger } from "@claude-orchestrator/store";
import type { DisplayWish } from "../run/display.ts";
import type { PreparedTelemetry } from "../telemetry/prepareTelemetry.ts";
import type { OwnFolders } from "../run/ownFolders.ts";

/** A run that is to be supervised by this program, from its first event or from where its log ends. */
export interface Supervision {
  readonly id: RunId;
  readonly directory: string;
  readonly lock: RunLock;
  readonly log: RunLog;
  readonly plan: Plan;
  /** Folders of instances that work apart. */
  readonly own: OwnFolders;
  /** With the keys read; absent where agents speak to their models by themselves. */
  readonly gateway?: GatewayOptions | undefined;
  /** Absent where nothing is told outside. */
  readonly telemetry?: PreparedTelemetry | undefined;
  /** What all runs of this person spend; absent where none of them has such a budget. */
  readonly shared?: SpendingLedger | undefined;
  /** What the log held already. */
  readonly history: readonly LoggedEvent[];
  readonly begin: (parts: EngineParts) => RunControl;
}

export interface SuperviseWish extends DisplayWish {
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  /** True: another program of ours started this one without a terminal, and waits to hear that the run has begun. */
  readonly isDetached?: boolean;
}
