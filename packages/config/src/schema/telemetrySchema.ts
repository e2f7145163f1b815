import * as z from "zod/mini";
import { environmentName, filledText, flag, objectOf, optional } from "./fields.ts";

const portWords = "a port from 1 to 65535";

export const otlpSchema = objectOf("the collector", {
  endpoint: optional(
    filledText,
    "Its address for OTLP over HTTP. Without it: OTEL_EXPORTER_OTLP_ENDPOINT of the environment, else http://localhost:4318",
  ),
  headers_env: optional(
    environmentName,
    "Name of the environment variable with headers for it (NAME=VALUE, with commas between). Without it: OTEL_EXPORTER_OTLP_HEADERS",
  ),
  allow_private: optional(
    flag,
    "True: the address may be in a private network, and http. Without it: only this machine, or public by https",
  ),
});

export const prometheusSchema = objectOf("the metrics", {
  port: optional(
    z.int(portWords).check(z.gte(1, portWords), z.lte(65_535, portWords)),
    "The port of 127.0.0.1 at which `GET /metrics` answers while the run goes on. Without it: 9464",
  ),
});

export const telemetryObjectSchema = objectOf("the telemetry", {
  otlp: optional(z.union([z.literal(true), otlpSchema], "true, or an object of settings"), "Where spans go"),
  prometheus: optional(
    z.union([z.literal(true), prometheusSchema], "true, or an object of settings"),
    "Metrics of the run for Prometheus to fetch",
  ),
});

export const telemetrySchema = z.union(
  [z.enum(["on", "off"]), flag, telemetryObjectSchema],
  "on, off, or an object of settings",
);

export type TelemetryFields = z.infer<typeof telemetrySchema>;
