export type { MetricsServer } from "./metrics/metricsServer.ts";
export { startMetricsServer } from "./metrics/metricsServer.ts";
export { exposition } from "./metrics/exposition.ts";
export { RunMetrics, type RunStanding } from "./metrics/runMetrics.ts";
export { parseTraceparent } from "./traces/identity.ts";
export { otlpSettings, type OtlpSettings } from "./traces/otlpSettings.ts";
export { createRunTraces, type RunTraces } from "./traces/runTraces.ts";
