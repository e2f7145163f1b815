import type { PreparedWorkspace, WorkspaceChanges } from "@claude-orchestrator/domain";
import type { Workspaces } from "./ports.ts";
import type { PreparedAttempt } from "./prepareAttempt.ts";

/** The folder that is an instance's own, as one of its attempts sees it. Does nothing for an instance without one. */
export class OwnFolder {
  readonly #workspaces: Workspaces | undefined;
  readonly #prepared: PreparedAttempt;
  #problem: string | undefined;

  constructor(workspaces: Workspaces | undefined, prepared: PreparedAttempt) {
    this.#workspaces = workspaces;
    this.#prepared = prepared;
  }

  get exists(): boolean {
    return this.#workspaces?.cwdOf(this.#prepared.instance.name) !== undefined;
  }

  /** Why it could not be had. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async prepare(cancelled: Promise<void>): Promise<PreparedWorkspace | undefined> {
    const answer = await this.#workspaces?.prepare({ ...this.#order(), cancelled });
    if (answer === undefined || !("problem" in answer)) return answer;
    this.#problem = answer.problem;
    return undefined;
  }

  async record(): Promise<WorkspaceChanges | undefined> {
    return this.#problem === undefined ? this.#workspaces?.record(this.#order()) : undefined;
  }

  #order() {
    const { instance, spec } = this.#prepared;
    const diffFile = spec.spool.stdout.replace(/\.stdout$/, ".diff");
    return { instance: instance.name, env: spec.env, marker: spec.marker, diffFile };
  }
}
