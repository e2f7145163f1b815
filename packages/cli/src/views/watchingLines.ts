import { formatSettingDuration } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import { describeTargets } from "@claude-orchestrator/host";
import { cleanLine } from "./text/cleanText.ts";
import type { Line } from "./text/line.ts";
import { line } from "./text/line.ts";

/** Who is told of what, where telemetry goes, and what is said of usage windows; nothing where nothing is. */
export function watchingLines({ notify = [], usage, telemetry }: Plan): readonly Line[] {
  const words = describeTargets(notify);
  const told = notify.map(({ on }, at) => line(`  ${cleanLine(words[at] ?? "")}: ${on.join(", ")}`));
  return [
    ...(told.length === 0 ? [] : [line(""), line("Told of it", "accent"), ...told]),
    ...(telemetry === undefined ? [] : [line(""), line("Telemetry", "accent"), ...telemetryLines(telemetry)]),
    ...(usage === undefined ? [] : [line(""), line("Usage windows", "accent"), line(`  ${usageWords(usage)}`)]),
  ];
}

function telemetryLines({ traces, metricsPort }: NonNullable<Plan["telemetry"]>): readonly Line[] {
  const endpoint = cleanLine(
    traces?.endpoint ?? "the collector that the environment names, else http://localhost:4318",
  );
  return [
    ...(traces === undefined ? [] : [line(`  spans go to ${endpoint}`)]),
    ...(metricsPort === undefined ? [] : [line(`  metrics at http://127.0.0.1:${metricsPort}/metrics`)]),
  ];
}

function usageWords({ onLimit, waitMaxMs, reserve }: NonNullable<Plan["usage"]>): string {
  const kept = reserve === 0 ? "" : `; ${Math.round(reserve * 100)} % of each are left to people`;
  if (onLimit === "fail") return `one that is used up fails what needs it${kept}`;
  return `one that is used up is waited for, up to ${formatSettingDuration(waitMaxMs)}${kept}`;
}
