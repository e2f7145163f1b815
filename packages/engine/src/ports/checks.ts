import type { Acceptance, JsonValue } from "@claude-orchestrator/domain";

/** Runs acceptance checks, in the instance's folder and environment, with a bound on their time. Never rejects. */
export interface CheckRunner {
  /** Called before the attempt starts, for each check that compares before with after. */
  snapshot(cwd: string): Promise<WorkspaceSnapshot>;
  run(check: Acceptance, context: CheckContext): Promise<CheckAnswer>;
}

/** Opaque to the engine. */
export interface WorkspaceSnapshot {
  readonly digest: string;
}

export interface CheckContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly marker: { readonly name: string; readonly value: string };
  readonly result?: string;
  readonly structured?: JsonValue;
  readonly before?: WorkspaceSnapshot;
  /** Bound on the check's time. */
  readonly timeoutMs: number;
  /** Settles when the check should be given up (the run is being stopped). */
  readonly cancelled: Promise<unknown>;
}

export interface CheckAnswer {
  /** What was asked, in words: "`npm test` exits 0". */
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}
