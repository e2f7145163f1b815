import type { JsonObject } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import type { LoadOptions } from "../loadOptions.ts";
import type { Path } from "../source/sourceNode.ts";

/** What every step from drafts to instances of a plan needs to know. */
export interface PlanContext {
  readonly options: LoadOptions;
  readonly reporter: Reporter;
  /** Absolute. */
  readonly workspace: string;
  readonly variables: JsonObject;
  readonly trustWorkspace: boolean;
  /** Every name there is, of instances and of groups. */
  readonly names: ReadonlySet<string>;
  /** True: only fields of the older program, whose texts had no `${{ }}`. */
  readonly isOldShape: boolean;
  /** The fields directly in this path that were wrong and have been taken out already. */
  readonly removedFrom: (path: Path) => readonly string[];
  /** True where this path itself has been taken out. */
  readonly wasRemoved: (path: Path) => boolean;
}
