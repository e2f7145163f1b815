import { UserError } from "@claude-orchestrator/domain";
import type { TracesPlan } from "@claude-orchestrator/domain";
import type { EnvironmentSource } from "@claude-orchestrator/engine/ports";
import type { Attributes } from "../conventions.ts";

/** Where spans go, and how. */
export interface OtlpSettings {
  readonly url: URL;
  /** Values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  readonly gzip: boolean;
  readonly timeoutMs: number;
  /** Of OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. */
  readonly resource: Attributes;
}

type Variables = Pick<EnvironmentSource, "get">;

const usualEndpoint = "http://localhost:4318";
const usualTimeoutMs = 10_000;
const longestTimeoutMs = 60_000;

/**
 * What the file says, else what OpenTelemetry's own variables say, else the usual port of this machine. Undefined where the
 * variables switch it off (OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER=none).
 *
 * @throws UserError telemetry-not-usable; never says what a variable with headers holds
 */
export function otlpSettings(plan: TracesPlan, variables: Variables): OtlpSettings | undefined {
  const get = (name: string): string | undefined => variables.get(name)?.trim() || undefined;
  if (get("OTEL_SDK_DISABLED")?.toLowerCase() === "true" || get("OTEL_TRACES_EXPORTER") === "none") return undefined;
  const endpoint = endpointOf(plan, get);
  const timeout = Number(get("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT") ?? get("OTEL_EXPORTER_OTLP_TIMEOUT"));
  const compression = get("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION") ?? get("OTEL_EXPORTER_OTLP_COMPRESSION");
  const service = get("OTEL_SERVICE_NAME");
  return {
    ...endpoint,
    headers: headersOf(plan, get),
    gzip: compression !== "none",
    timeoutMs: timeout > 0 ? Math.min(timeout, longestTimeoutMs) : usualTimeoutMs,
    resource: {
      "service.name": "claude-orchestrator",
      ...pairs("OTEL_RESOURCE_ATTRIBUTES", get("OTEL_RESOURCE_ATTRIBUTES")),
      ...(service === undefined ? {} : { "service.name": service }),
    },
  };
}

type Get = (name: string) => string | undefined;

/** What stands in the environment is the person's own, so it may lead anywhere; a file may come from elsewhere. */
function endpointOf(plan: TracesPlan, get: Get): Pick<OtlpSettings, "url" | "allowPrivate"> {
  if (plan.endpoint !== undefined) {
    const url = withPath(parse("`telemetry.otlp.endpoint`", plan.endpoint));
    return { url, allowPrivate: plan.allowPrivate === true || isThisMachine(url) };
  }
  const exact = get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  if (exact !== undefined) return { url: parse("$OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", exact), allowPrivate: true };
  const base = get("OTEL_EXPORTER_OTLP_ENDPOINT");
  return { url: withPath(parse("$OTEL_EXPORTER_OTLP_ENDPOINT", base ?? usualEndpoint)), allowPrivate: true };
}

function parse(what: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new UserError("telemetry-not-usable", `${what} is no address of a collector`, {
    hint: "write it whole, such as http://localhost:4318 (OTLP over HTTP; gRPC on 4317 is not spoken)",
  });
}

/** A base address gets the path of traces, as the variable's does; one that has it already keeps it. */
function withPath(url: URL): URL {
  if (url.pathname.endsWith("/v1/traces")) return url;
  const whole = new URL(url);
  whole.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
  return whole;
}

function isThisMachine({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

function headersOf({ headersEnv }: TracesPlan, get: Get): Readonly<Record<string, string>> {
  if (headersEnv === undefined) {
    const name = "OTEL_EXPORTER_OTLP_HEADERS";
    return {
      ...headers(name, get(name)),
      ...headers("OTEL_EXPORTER_OTLP_TRACES_HEADERS", get("OTEL_EXPORTER_OTLP_TRACES_HEADERS")),
    };
  }
  const given = get(headersEnv);
  if (given !== undefined) return headers(headersEnv, given);
  throw new UserError(
    "telemetry-not-usable",
    `$${headersEnv} is not set, which \`headers_env\` of the telemetry names`,
    {
      hint: "set it to NAME=VALUE, with commas between several",
    },
  );
}

function headers(name: string, text: string | undefined): Readonly<Record<string, string>> {
  const found = pairs(name, text);
  const bad = Object.entries(found).some(
    ([key, value]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(key) || /[^\t\x20-\x7e\x80-\xff]/.test(value),
  );
  if (!bad) return found;
  throw notPairs(name);
}

/** `a=1,b=2`, values percent-encoded, as OpenTelemetry writes lists of this kind. */
function pairs(name: string, text = ""): Readonly<Record<string, string>> {
  const parts = text.split(",").map((part) => part.trim());
  return Object.fromEntries(
    parts
      .filter((part) => part !== "")
      .map((part) => {
        const at = part.indexOf("=");
        if (at < 1) throw notPairs(name);
        return [part.slice(0, at).trim(), decoded(part.slice(at + 1).trim())];
      }),
  );
}

function notPairs(name: string): UserError {
  return new UserError("telemetry-not-usable", `what $${name} holds is no list of NAME=VALUE`, {
    hint: "put commas between several, and write what is special as %XX",
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded at all: taken as it stands.
    return text;
  }
}
