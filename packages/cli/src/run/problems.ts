import { UserError } from "@claude-orchestrator/domain";
import type { UserErrorCode } from "@claude-orchestrator/domain";

/** One thing that keeps a run from starting. */
export interface Obstacle {
  readonly code: UserErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Everything that is in the way at once, as one error; nothing where nothing is.
 *
 * @throws UserError
 */
export function refuseIf(obstacles: readonly Obstacle[]): void {
  const [first, ...rest] = obstacles;
  if (first === undefined) return;
  if (rest.length === 0) {
    throw new UserError(first.code, first.message, first.hint === undefined ? {} : { hint: first.hint });
  }
  const list = obstacles.map(({ message, hint }) => `  - ${message}${hint === undefined ? "" : `\n    ${hint}`}`);
  throw new UserError(first.code, `${obstacles.length} problems, so nothing was started:\n${list.join("\n")}`);
}
