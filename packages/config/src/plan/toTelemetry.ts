import type { TelemetryPlan, TracesPlan } from "@claude-orchestrator/domain";
import type * as z from "zod/mini";
import type { Reporter } from "../check/reporter.ts";
import { filled } from "../filled.ts";
import type { PlanOverrides } from "../loadOptions.ts";
import type { otlpSchema, TelemetryFields } from "../schema/telemetrySchema.ts";
import type { Path } from "../source/sourceNode.ts";

/** OpenTelemetry's own for metrics that are fetched. */
const usualMetricsPort = 9464;

const otlpPath: Path = ["telemetry", "otlp"];

/** What is told of the run; nothing where it is off, which it is unless asked for. */
export function toTelemetry(
  given: TelemetryFields | null | undefined,
  overrides: PlanOverrides = {},
  reporter: Reporter,
): { readonly telemetry?: TelemetryPlan } {
  return telemetryOf(overrides.telemetry === false ? {} : asWritten(given, reporter), overrides);
}

/** What flags make of it: `--telemetry` switches all of the file's, `--metrics-port` is a wish of its own. */
export function telemetryOf(
  written: TelemetryPlan,
  { telemetry, metricsPort }: Pick<PlanOverrides, "telemetry" | "metricsPort">,
): { readonly telemetry?: TelemetryPlan } {
  const traces = written.traces ?? (telemetry === true ? {} : undefined);
  const plan = filled({ traces, metricsPort: metricsPort ?? written.metricsPort });
  return Object.keys(plan).length === 0 ? {} : { telemetry: plan };
}

function asWritten(given: TelemetryFields | null | undefined, reporter: Reporter): TelemetryPlan {
  if (given === "on" || given === true) return { traces: {} };
  if (typeof given !== "object" || given === null) return {};
  const { otlp, prometheus } = filled(given);
  const port = prometheus === true ? undefined : prometheus?.port;
  return filled({
    traces: otlp === true ? {} : otlp === undefined ? undefined : tracesOf(otlp, reporter),
    metricsPort: prometheus === undefined ? undefined : (port ?? usualMetricsPort),
  });
}

function tracesOf(given: z.infer<typeof otlpSchema>, reporter: Reporter): TracesPlan {
  const { endpoint, headers_env: headersEnv, allow_private: allowPrivate } = filled(given);
  if (endpoint !== undefined) checkEndpoint(endpoint, allowPrivate === true, reporter);
  return filled({ endpoint, headersEnv, allowPrivate });
}

function checkEndpoint(endpoint: string, allowPrivate: boolean, reporter: Reporter): void {
  const path = [...otlpPath, "endpoint"];
  const [, scheme = "", secret, host = ""] = /^(https?):\/\/([^/?#]*@)?(\[[^\]]*\]|[^\s/?#:]+)/i.exec(endpoint) ?? [];
  if (secret !== undefined) {
    const hint = "put it into a header, and the name of the variable that holds that as `headers_env`";
    reporter.at(path, "this address holds a password", { hint });
  } else if (host === "") {
    const hint = "write it whole, such as http://localhost:4318 (OTLP over HTTP)";
    reporter.at(path, "this is no address of a collector", { hint });
  } else if (scheme.toLowerCase() === "http" && !allowPrivate && !isThisMachine(host)) {
    const hint = "write https, or `allow_private: true` for a collector in your own network";
    reporter.at(path, "over http anybody on the way can read it", { hint });
  }
}

function isThisMachine(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host);
}
