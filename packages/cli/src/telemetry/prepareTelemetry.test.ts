import { UserError } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { answerOf } from "../testing/answerOf.ts";
import { created, samplePlan, stateOf } from "../testing/sampleRun.ts";
import { prepareTelemetry } from "./prepareTelemetry.ts";
import type { PreparedTelemetry } from "./prepareTelemetry.ts";

const wrong = samplePlan(["a"], { telemetry: { traces: { headersEnv: "NOT_SET" } } });

describe("what a run's telemetry needs", () => {
  test("is nothing where nothing is asked for, whatever the environment says", async () => {
    let prepared: PreparedTelemetry | undefined;
    const { talk } = await answerOf(async (io) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" };
      prepared = await prepareTelemetry(samplePlan(["a"]), { ...io, env });
      return 0;
    }, "/");
    expect([prepared, talk]).toEqual([undefined, ""]);
  });

  test("and is not to be had is a mistake of the person's before a run begins", async () => {
    const answer = answerOf(async (io) => {
      await prepareTelemetry(wrong, io);
      return 0;
    }, "/");
    await expect(answer).rejects.toThrow(UserError);
    await expect(answer).rejects.toThrow("$NOT_SET is not set");
  });

  test("and is not to be had is said of a run that has begun, which goes on without it", async () => {
    let prepared: PreparedTelemetry | undefined;
    const { talk } = await answerOf(async (io) => {
      prepared = await prepareTelemetry(wrong, io, stateOf([created(wrong)]));
      return 0;
    }, "/");
    expect(prepared).toEqual({});
    expect(talk).toContain("warning: $NOT_SET is not set");
    expect(talk).toContain("; the run goes on without it\n");
  });
});
