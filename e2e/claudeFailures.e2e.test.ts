import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRig, type FinishedRun, type Rig } from "./rig.ts";

const once = { attempts: 2, delay: "10ms", on: ["rate_limit", "overload"] };

const fleet = {
  defaults: { model: "haiku" },
  instances: [
    { name: "429 then success", prompt: "[[mock:429-once]] Go" },
    { name: "529 then success", prompt: "[[mock:529-once]] Go" },
    { name: "cut then success", prompt: "[[mock:cut-once]] Go" },
    { name: "error event then success", prompt: "[[mock:stream-error-once]] Go" },
    { name: "429 retried by us", prompt: "[[mock:429-noretry-once]] Go", retry: once },
    { name: "529 retried by us", prompt: "[[mock:529-noretry-once]] Go", retry: once },
    { name: "429", prompt: "[[mock:429-noretry]] Go" },
    { name: "429 for good", prompt: "[[mock:429-noretry]] Go again", retry: once },
    { name: "529", prompt: "[[mock:529-noretry]] Go" },
    { name: "400", prompt: "[[mock:400]] Go", retry: once },
    { name: "401", prompt: "[[mock:401-noretry]] Go" },
    { name: "402", prompt: "[[mock:402]] Go" },
    { name: "402 of a budget", prompt: "[[mock:402-custom]] Go", retry: once },
    { name: "413", prompt: "[[mock:413]] Go" },
    { name: "refusal", prompt: "[[mock:refusal]] Go" },
    { name: "max turns", prompt: "[[mock:tool-forever]] Go", max_turns: 2, allowed_tools: ["Bash"] },
    { name: "denied", prompt: "[[mock:permission-denied]] Write it" },
    { name: "shapeless", prompt: "[[mock:text]] Go", json_schema: { type: "object", properties: {} } },
    { name: "after the denied one", needs: "denied", prompt: "Go" },
    { name: "only then", needs: [{ instance: "400", when: "failure" }], prompt: "Clean up" },
  ],
};

describe("when the real Claude Code meets errors", () => {
  let rig: Rig;
  let run: FinishedRun;

  beforeAll(async () => {
    rig = await createRig({ config: fleet });
    run = await rig.run();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test.each([
    ["429 then success", "OK after one 429."],
    ["529 then success", "OK after two 529s."],
    ["cut then success", "OK after a cut stream."],
    ["error event then success", "OK after a stream error."],
  ])("%s costs one attempt, since the CLI tries again by itself", (name, result) => {
    expect(run.instance(name)).toMatchObject({ status: "succeeded", result });
    expect(run.instance(name).attempts).toHaveLength(1);
  });

  test.each(["429 retried by us", "529 retried by us"])("%s succeeds at the second attempt", (name) => {
    expect(run.instance(name)).toMatchObject({ status: "succeeded", result: "OK after a retry from outside." });
    expect(run.instance(name).attempts.map(({ exit_code: code }) => code)).toEqual([1, 0]);
  });

  test.each([
    ["429", "rate_limited", "rate_limit", 1],
    ["429 for good", "rate_limited", "rate_limit", 2],
    ["529", "failed", "overload", 1],
    ["400", "failed", "invalid_request", 1],
    ["401", "failed", "authentication", 1],
    ["402", "failed", "billing", 1],
    ["402 of a budget", "budget_exceeded", "budget", 1],
    ["413", "failed", "invalid_request", 1],
    ["refusal", "failed", "refusal", 1],
    ["max turns", "failed", "max_turns", 1],
    ["denied", "blocked", "permission", 1],
    ["shapeless", "failed", "structured_output", 1],
  ])("%s ends as %s (%s)", (name, status, kind, attempts) => {
    const instance = run.instance(name);
    expect({ status: instance.status, kind: instance.failure?.kind, attempts: instance.attempts.length }).toEqual({
      status,
      kind,
      attempts,
    });
  });

  test("an error's own sentence is what the person reads", () => {
    expect(run.instance("400").reason).toContain("messages.0: something is wrong");
    expect(run.instance("402 of a budget").reason).toContain("run has spent $1.00 of $1.00");
    expect(run.stderr).toContain("messages.0: something is wrong");
  });

  test("a refused write is told by the tool's name and leaves nothing behind", () => {
    expect(run.instance("denied").reason).toContain("Write");
    expect(rig.exists("denied.txt")).toBe(false);
  });

  test("what needed a failed one is skipped with the reason, and what waited for its failure runs", () => {
    expect(run.instance("after the denied one")).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("denied"),
    });
    expect(run.instance("only then").status).toBe("succeeded");
  });

  test("errors that will not pass are asked once", () => {
    const asked = ["402", "402-custom", "401-noretry", "529-noretry", "413"].map((name) => rig.asked(name).length);
    expect(asked).toEqual([1, 1, 1, 1, 1]);
  });

  test("a refusal for want of budget, also a gateway's, decides the program's exit code", () => {
    expect(run.exitCode).toBe(3);
  });
});
