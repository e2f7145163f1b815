import { UserError } from "@claude-orchestrator/domain";
import type { Plan, RunState } from "@claude-orchestrator/domain";
import { createEnvironment } from "@claude-orchestrator/host";
import type { MetricsServer, OtlpSettings } from "@claude-orchestrator/telemetry";
import type { Io } from "../io/channel.ts";

/** What is told of a run outside, ready before anything of it begins. */
export interface PreparedTelemetry {
  /** Absent: no spans go anywhere. */
  readonly traces?: OtlpSettings;
  /** Listens already; absent: no metrics are served. */
  readonly metrics?: MetricsServer;
  /** The span that this program was started in. */
  readonly traceparent?: string;
}

/**
 * Reads where spans go and takes the port of metrics; undefined where the plan asks for neither. A run that has begun goes on
 * without what is not to be had, and says so.
 *
 * @throws UserError telemetry-not-usable for a run that has not begun
 */
export async function prepareTelemetry(
  { telemetry }: Plan,
  io: Pick<Io, "env" | "talk">,
  history?: RunState,
): Promise<PreparedTelemetry | undefined> {
  if (telemetry === undefined) return undefined;
  // Apart: most runs have none.
  const { otlpSettings, startMetricsServer } = await import("@claude-orchestrator/telemetry");
  const { traces: asked, metricsPort } = telemetry;
  const orWarn = orWarning(history !== undefined, io);
  const traces =
    asked === undefined ? undefined : await orWarn(async () => otlpSettings(asked, createEnvironment(io.env)));
  const metrics = metricsPort === undefined ? undefined : await orWarn(() => startMetricsServer(metricsPort));
  const traceparent = io.env["TRACEPARENT"];
  return {
    ...(traces === undefined ? {} : { traces }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

type OrWarn = <Value>(make: () => Promise<Value>) => Promise<Value | undefined>;

function orWarning(hasBegun: boolean, { talk }: Pick<Io, "talk">): OrWarn {
  return async (make) => {
    try {
      return await make();
    } catch (error) {
      if (!hasBegun || !(error instanceof UserError)) throw error;
      talk.write(`${talk.paint("warn", "warning:")} ${error.message}; the run goes on without it\n`);
      return undefined;
    }
  };
}
