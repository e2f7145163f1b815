import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { targets } from "./targets.ts";
import type { Target } from "./targets.ts";

/** An executable this release has made, for a form that carries it. */
export interface MadeExecutable {
  readonly target: Target;
  /** Absolute. */
  readonly file: string;
}

/**
 * The executables of this release, also those an earlier part of it has made.
 *
 * @param form who asks
 * @throws UserError usage, where there is none
 */
export function executablesOf(
  { made, output }: Pick<ReleaseContext, "made" | "output">,
  form: string,
): readonly MadeExecutable[] {
  const found = made.flatMap((each) => {
    const target = targetOf(each);
    return target === undefined ? [] : [{ target, file: path.join(output, each.path) }];
  });
  if (found.length > 0) return found;
  throw new UserError("usage", `\`${form}\` carries an executable, and none is made`, {
    hint: `npm run release -- --dry-run --only exe --only ${form}`,
  });
}

function targetOf({ kind, platform }: Artifact): Target | undefined {
  return kind === "executable" ? targets.find((each) => each.platform === platform) : undefined;
}
