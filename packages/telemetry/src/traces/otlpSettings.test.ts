import { describe, expect, test } from "vitest";
import { otlpSettings } from "./otlpSettings.ts";

const given = (
  variables: Readonly<Record<string, string>> = {},
): { readonly get: (name: string) => string | undefined } => ({
  get: (name) => variables[name],
});

function urlOf(plan: Parameters<typeof otlpSettings>[0], variables: Readonly<Record<string, string>> = {}) {
  const settings = otlpSettings(plan, given(variables));
  return [settings?.url.href, settings?.allowPrivate];
}

describe("where spans go", () => {
  test("is this machine where nobody says, then the variables, then the file", () => {
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/otel/" };
    const exact = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example.com/ingest" };
    expect(urlOf({})).toEqual(["http://localhost:4318/v1/traces", true]);
    expect(urlOf({}, base)).toEqual(["http://collector:4318/otel/v1/traces", true]);
    expect(urlOf({}, exact)).toEqual(["https://traces.example.com/ingest", true]);
    expect(urlOf({ endpoint: "https://otel.example.com" }, exact)).toEqual([
      "https://otel.example.com/v1/traces",
      false,
    ]);
  });

  test("may be this machine by a file's word alone, a private network only where the file allows it", () => {
    for (const host of ["localhost", "127.0.0.1", "127.1", "[::1]"]) {
      expect(urlOf({ endpoint: `http://${host}:4318` })[1]).toBe(true);
    }
    expect(urlOf({ endpoint: "http://10.0.0.7:4318" })[1]).toBe(false);
    expect(urlOf({ endpoint: "http://10.0.0.7:4318", allowPrivate: true })[1]).toBe(true);
    expect(urlOf({ endpoint: "http://127.0.0.1.example.com" })[1]).toBe(false);
  });

  test("is nowhere where OpenTelemetry's own variables switch it off", () => {
    expect(otlpSettings({}, given({ OTEL_SDK_DISABLED: "true" }))).toBeUndefined();
    expect(otlpSettings({}, given({ OTEL_TRACES_EXPORTER: "none" }))).toBeUndefined();
  });

  test("is refused in a sentence where it is no address", () => {
    expect(() => otlpSettings({ endpoint: "localhost:4317" }, given())).toThrow("is no address of a collector");
    expect(() => otlpSettings({}, given({ OTEL_EXPORTER_OTLP_ENDPOINT: "grpc" }))).toThrow(
      "$OTEL_EXPORTER_OTLP_ENDPOINT",
    );
  });
});

describe("headers", () => {
  test("come from the variable the file names, else from OpenTelemetry's own, decoded", () => {
    const variables = {
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, x=1",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x=2",
      MINE: "authorization=Bearer%20t",
    };
    expect(otlpSettings({}, given(variables))?.headers).toEqual({ "api-key": "a b", x: "2" });
    expect(otlpSettings({ headersEnv: "MINE" }, given(variables))?.headers).toEqual({ authorization: "Bearer t" });
  });

  test("that are wrong or not there are named, and what they hold is not said", () => {
    expect(() => otlpSettings({ headersEnv: "MINE" }, given())).toThrow("$MINE is not set");
    for (const held of ["secret-4711", "a=secret-4711%0d%0ab: c", "bad name=secret-4711"]) {
      const read = (): unknown => otlpSettings({ headersEnv: "MINE" }, given({ MINE: held }));
      expect(read).toThrow("$MINE holds is no list");
      expect(read).not.toThrow("4711");
    }
  });
});

test("the resource, the time and the packing are what the variables say, within reason", () => {
  const plain = otlpSettings({}, given());
  expect(plain).toMatchObject({ gzip: true, timeoutMs: 10_000, resource: { "service.name": "claude-orchestrator" } });
  const asked = otlpSettings(
    {},
    given({
      OTEL_RESOURCE_ATTRIBUTES: "service.name=x,deployment.environment.name=ci",
      OTEL_SERVICE_NAME: "nightly",
      OTEL_EXPORTER_OTLP_TIMEOUT: "3600000",
      OTEL_EXPORTER_OTLP_COMPRESSION: "none",
    }),
  );
  expect(asked).toMatchObject({
    gzip: false,
    timeoutMs: 60_000,
    resource: { "service.name": "nightly", "deployment.environment.name": "ci" },
  });
});
