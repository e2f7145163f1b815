import { createHash } from "node:crypto";

/** Where a trace begins: its id and, where somebody else began it, the span that ours are in. */
export interface TraceRoot {
  readonly traceId: string;
  readonly parentId?: string;
}

/** The trace of a run: the one it was started in, by W3C Trace Context, else one that follows from the run's id. */
export function traceRootOf(run: string, traceparent: string | undefined): TraceRoot {
  return parseTraceparent(traceparent) ?? { traceId: digest(`run ${run}`, 32) };
}

/** The id of a span by what it is of, so that whoever takes the run up gives it the same. */
export function spanIdOf(run: string, path: readonly (string | number)[]): string {
  return digest(`span ${JSON.stringify([run, ...path])}`, 16);
}

/** The path of an attempt's span. */
export function attemptPath(instance: string, attempt: number): readonly (string | number)[] {
  return ["attempt", instance, attempt];
}

/** Of version 00, or of a later one that begins like it. Undefined for anything else. */
export function parseTraceparent(text: string | undefined): Required<TraceRoot> | undefined {
  const match = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/.exec(text?.trim() ?? "");
  const [, traceId = "", parentId = ""] = match ?? [];
  return isId(traceId) && isId(parentId) ? { traceId, parentId } : undefined;
}

/** Nothing but zeros is no id. */
function isId(text: string): boolean {
  return /[1-9a-f]/.test(text);
}

function digest(text: string, digits: number): string {
  return createHash("sha256").update(text.toWellFormed()).digest("hex").slice(0, digits);
}
