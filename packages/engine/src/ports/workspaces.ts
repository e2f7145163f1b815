import type { PreparedWorkspace, WorkspaceChanges } from "@claude-orchestrator/domain";

/** Folders that are one instance's own (`isolation`): made before its attempt, looked at after it. Never rejects. */
export interface Workspaces {
  /** The folder its processes run in, known before it is there; undefined for an instance that has none of its own. */
  cwdOf(instance: string): string | undefined;
  /** Makes the folder, or finds it as an earlier attempt left it; or a sentence on why it cannot be had. */
  prepare(order: WorkspaceOrder): Promise<PreparedWorkspace | { readonly problem: string }>;
  /** What differs from the base; the difference itself is written to `diffFile`. Undefined where it cannot be told. */
  record(order: Pick<WorkspaceOrder, "instance" | "diffFile">): Promise<WorkspaceChanges | undefined>;
}

export interface WorkspaceOrder {
  readonly instance: string;
  /** The attempt's own, for a set-up command. */
  readonly env: Readonly<Record<string, string>>;
  readonly marker: { readonly name: string; readonly value: string };
  /** Absolute. */
  readonly diffFile: string;
  /** Settles when it should be given up (the attempt is being stopped). */
  readonly cancelled: Promise<unknown>;
}
