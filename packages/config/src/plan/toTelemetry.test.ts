import { describe, expect, test } from "vitest";
import { planFromPrompts } from "../planFromPrompts.ts";
import { planOf, sentencesOf, testOptions } from "../testing/loading.ts";

const instances = "instances: [{ name: a, prompt: do it }]\n";
const telemetryOf = (given: string): unknown => planOf(`telemetry: ${given}\n${instances}`).telemetry;

describe("telemetry", () => {
  test("is off unless asked for, by the file or by the command line, which wins", () => {
    expect(planOf(instances)).not.toHaveProperty("telemetry");
    for (const off of ["off", "false", "{}"]) expect(telemetryOf(off)).toBeUndefined();
    expect(telemetryOf("on")).toEqual({ traces: {} });
    expect(planOf(instances, { overrides: { telemetry: true } }).telemetry).toEqual({ traces: {} });
    const off = { overrides: { telemetry: false } };
    expect(planOf(`telemetry: { otlp: true, prometheus: true }\n${instances}`, off)).not.toHaveProperty("telemetry");
  });

  test("has a collector, metrics, or both, each with its settings", () => {
    expect(telemetryOf("{ prometheus: true }")).toEqual({ metricsPort: 9464 });
    expect(telemetryOf("{ prometheus: { port: 9000 }, otlp: true }")).toEqual({ traces: {}, metricsPort: 9000 });
    expect(telemetryOf("{ otlp: { endpoint: 'http://10.0.0.7:4318', allow_private: true, headers_env: H } }")).toEqual({
      traces: { endpoint: "http://10.0.0.7:4318", headersEnv: "H", allowPrivate: true },
    });
  });

  test("takes the port of metrics from the command line, which switches nothing else on or off", () => {
    expect(planOf(instances, { overrides: { metricsPort: 9001 } }).telemetry).toEqual({ metricsPort: 9001 });
    const both = { overrides: { metricsPort: 9001, telemetry: false } };
    expect(planOf(`telemetry: on\n${instances}`, both).telemetry).toEqual({ metricsPort: 9001 });
    const asked = planFromPrompts(["hi"], { ...testOptions, overrides: { telemetry: true, metricsPort: 9001 } });
    expect(asked.telemetry).toEqual({ traces: {}, metricsPort: 9001 });
  });

  test.for(["http://localhost:4318", "http://[::1]:4318/base", "http://127.0.0.2", "https://otel.example.com/"])(
    "may go to %s without more ado",
    (endpoint) => {
      expect(telemetryOf(`{ otlp: { endpoint: '${endpoint}' } }`)).toEqual({ traces: { endpoint } });
    },
  );

  test.for([
    ["{ otlp: { endpoint: 'http://otel.example.com' } }", "over http anybody on the way can read it"],
    ["{ otlp: { endpoint: 'https://u:p@otel.example.com' } }", "this address holds a password"],
    ["{ otlp: { endpoint: 'localhost:4317' } }", "this is no address of a collector"],
    ["{ otlp: { headers_env: 'a=b' } }", "must be the name of an environment variable"],
    ["{ otpl: true }", "`otpl` is not a field of the telemetry"],
    ["{ prometheus: { port: 70000 } }", "must be a port from 1 to 65535"],
    ["maybe", "must be on, off, or an object of settings"],
  ] as const)("says what is wrong with %s", ([given, sentence]) => {
    expect(sentencesOf(`telemetry: ${given}\n${instances}`).join("\n")).toContain(sentence);
  });
});
