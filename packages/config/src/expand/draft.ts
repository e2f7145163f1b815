import type { JsonObject } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import type { InstanceFields } from "../schema/instanceSchema.ts";
import type { Filled } from "../filled.ts";
import type { Path } from "../source/sourceNode.ts";

/** One instance to be, after defaults, matrices and sequences have been worked out; still in the words of the file. */
export interface Draft {
  readonly name: string;
  /** The name written in the file. */
  readonly group: string;
  /** Without `matrix`, `sequence` and `needs`, and without nulls. */
  readonly fields: DraftFields;
  readonly needs: readonly DraftNeed[];
  readonly matrix?: JsonObject;
  /** Where its fields are written, the most particular first: the step, the instance, the defaults. */
  readonly paths: readonly Path[];
}

export type DraftFields = Filled<Omit<InstanceFields, "matrix" | "sequence" | "needs" | "name">>;

export interface DraftNeed {
  readonly instance: string;
  readonly when: string;
  /** Where it is written; undefined for the step before in a sequence, or one session after another. */
  readonly path: Path | undefined;
}

/** Where a field of a draft is written, or its instance where it is written nowhere. */
export function fieldPath(draft: Pick<Draft, "paths">, field: string | Path, reporter: Reporter): Path {
  const rest = typeof field === "string" ? [field] : field;
  const holder = draft.paths.find((path) => reporter.has([...path, ...rest]));
  return holder === undefined ? (draft.paths[0] ?? []) : [...holder, ...rest];
}
