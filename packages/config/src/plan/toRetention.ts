import { parseBytes, type Retention } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import { filled } from "../filled.ts";
import type { FileFields } from "../schema/fileSchema.ts";
import { toMilliseconds } from "./durations.ts";

/** What is kept of the runs of the past; nothing where the file does not say. */
export function toRetention(file: FileFields, reporter: Reporter): { readonly retention?: Retention } {
  const { age, count, size } = filled(file.retention);
  if (age === undefined && count === undefined && size === undefined) return {};
  return {
    retention: filled({
      ageMs: age === undefined ? undefined : toMilliseconds(age, ["retention", "age"], reporter, "above-zero"),
      count,
      bytes: size === undefined ? undefined : parseBytes(size),
    }),
  };
}
