import type { LoggedEvent, RunId } from "@claude-orchestrator/domain";
import { createClock, postOutbound } from "@claude-orchestrator/host";
import { programVersion } from "../program/version.ts";
import type { RunFold } from "../run/runFold.ts";
import type { PreparedTelemetry } from "./prepareTelemetry.ts";
import { TraceRecord } from "./traceRecord.ts";

/** Tells what watches over programs of a run. Nothing of it throws, rejects or ends the run. */
export interface RunTelemetry {
  /** Events of the log that are on disk, in order and from the first one on. */
  take(events: readonly LoggedEvent[]): void;
  /** What the processes of an attempt are told, as variables of their environment. */
  environmentOf(instance: string, attempt: number): Readonly<Record<string, string>>;
  /** Waits a few seconds at most for spans on their way. Gives what went wrong, in sentences. */
  close(): Promise<readonly string[]>;
}

export interface TelemetryOfRun {
  readonly id: RunId;
  readonly directory: string;
  readonly fold: RunFold;
}

/** Nothing where nothing is asked for. */
export async function openTelemetry(
  prepared: PreparedTelemetry | undefined,
  run: TelemetryOfRun,
): Promise<RunTelemetry | undefined> {
  if (prepared === undefined) return undefined;
  // Apart: most runs have none.
  const { RunMetrics } = await import("@claude-orchestrator/telemetry");
  const traces = await openTraces(prepared, run);
  const metrics = new RunMetrics();
  prepared.metrics?.tell(() => {
    const { state } = run.fold;
    return state === undefined ? [] : metrics.families({ state, uses: run.fold.uses(Date.now()) });
  });
  const problems: string[] = [];
  return {
    take: (events) => {
      if (problems.length > 0) return;
      try {
        if (prepared.metrics !== undefined) metrics.take(events);
        traces?.take(events);
      } catch (error) {
        problems.push(`Telemetry of this run ended early: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    environmentOf: (instance, attempt) =>
      traces === undefined ? {} : { TRACEPARENT: traces.traceparentOf(instance, attempt) },
    close: async () => {
      prepared.metrics?.close();
      const loss = await traces?.close();
      return loss === undefined ? problems : [...problems, loss];
    },
  };
}

async function openTraces({ traces, traceparent }: PreparedTelemetry, { id, directory }: TelemetryOfRun) {
  if (traces === undefined) return undefined;
  const { createRunTraces, parseTraceparent } = await import("@claude-orchestrator/telemetry");
  const isParent = parseTraceparent(traceparent) !== undefined;
  const record = new TraceRecord(directory, isParent && traceparent !== undefined ? { traceparent } : {});
  return createRunTraces({
    run: id,
    version: programVersion(),
    settings: traces,
    traceparent: record.facts.traceparent,
    sentBefore: record.facts.sent,
    arrived: (seq) => record.arrived(seq),
    post: postOutbound,
    clock: createClock(),
    random: Math.random,
  });
}
