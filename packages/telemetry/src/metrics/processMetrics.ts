import type { MetricFamily } from "./metricFamily.ts";

/** Of this program itself, under the names that every exporter gives them. */
export function processMetrics(): readonly MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const started = Math.round(Date.now() / 1000 - process.uptime());
  return [
    one("process_resident_memory_bytes", "gauge", "Resident memory of the supervisor", process.memoryUsage.rss()),
    one("process_cpu_seconds", "counter", "Processor time of the supervisor", (user + system) / 1_000_000),
    one("process_start_time_seconds", "gauge", "When the supervisor began, in seconds since 1970", started),
  ];
}

function one(name: string, type: "counter" | "gauge", help: string, value: number): MetricFamily {
  return { name, type, help, samples: [{ labels: {}, value }] };
}
