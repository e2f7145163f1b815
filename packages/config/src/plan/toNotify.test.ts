import { describe, expect, test } from "vitest";
import { planOf, sentencesOf } from "../testing/loading.ts";

const instances = "instances: [{ name: a, prompt: do it }]\n";

describe("notify", () => {
  test("gives each target with what it is told, secrets by name only", () => {
    const plan = planOf(`notify:
  - webhook: { url: https://hooks.example.com/runs, secret_env: HOOK_SECRET }
  - slack: { url_env: SLACK_URL }
    on: failed
  - desktop: true
    on: [finished, finished]
  - command: [notify-team, --now]
  - webhook: { url: http://127.0.0.1:8080/, allow_private: true }
${instances}`);
    const usual = ["needs_attention", "finished", "failed", "budget_100"];
    expect(plan.notify).toEqual([
      {
        kind: "webhook",
        url: { text: "https://hooks.example.com/runs" },
        secretEnv: "HOOK_SECRET",
        allowPrivate: false,
        on: usual,
      },
      { kind: "slack", url: { env: "SLACK_URL" }, allowPrivate: false, on: ["failed"] },
      { kind: "desktop", on: ["finished"] },
      { kind: "command", argv: ["notify-team", "--now"], on: usual },
      { kind: "webhook", url: { text: "http://127.0.0.1:8080/" }, allowPrivate: true, on: usual },
    ]);
  });

  test("is left out of the plan where the file says nothing of it", () => {
    expect(planOf(instances)).not.toHaveProperty("notify");
    expect(planOf(`notify: []\n${instances}`)).not.toHaveProperty("notify");
  });

  test.for([
    ["slack: { url: https://hooks.slack.com/services/T0/B0/xyz }", "1:26 this address is a secret"],
    ["webhook: { url: 'https://me:pass@example.com/' }", "1:28 this address is a secret"],
    ["webhook: { url: 'https://example.com/?access_token=1' }", "1:28 this address is a secret"],
    ["webhook: { url: https://example.com, secret_env: whsec_MfKQ9r8G }", "this looks like the secret itself"],
    ["webhook: { url: https://example.com, secret: abc }", "1:49 `secret` is not a field of a webhook"],
  ] as const)("a secret in the file is a problem with its place: %s", ([target, sentence]) => {
    const [first = ""] = sentencesOf(`notify: [{ ${target} }]\n${instances}`);
    expect(first).toContain(sentence);
    expect(first).toMatch(/^1:\d+ .* \| .*(?:environment variable|secret_env)/);
  });

  test.for([
    ["{ webhook: { url: http://example.com } }", "over http anybody on the way can read it"],
    ["{ webhook: { url: ftp://example.com } }", "this is no address of the web"],
    ["{ webhook: { url: https://example.com, url_env: A } }", "the address is given twice"],
    ["{ webhook: {} }", "no address is given"],
    ["{ on: [failed] }", "this target says not how to tell"],
    ["{ desktop: true, command: [a] }", "this target has `desktop` and `command`"],
    ["{ command: [] }", "must be a list with at least the program"],
    ["{ desktop: true, on: [] }", "must be"],
    ["{ desktop: true, on: [sometimes] }", "must be one of needs_attention, finished"],
    ["{ desktop: false }", "must be true"],
  ] as const)("refuses %s", ([target, sentence]) => {
    const sentences = sentencesOf(`notify: [${target}]\n${instances}`);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toContain(sentence);
  });
});

describe("usage windows", () => {
  test("are kept as the file says, with the rest as always", () => {
    expect(planOf(`usage_reserve: 0.2\n${instances}`).usage).toEqual({
      onLimit: "wait",
      waitMaxMs: 43_200_000,
      reserve: 0.2,
    });
    expect(planOf(`on_limit: fail\n${instances}`).usage).toMatchObject({ onLimit: "fail" });
    expect(planOf(`limit_wait_max: 2h\n${instances}`).usage).toMatchObject({ waitMaxMs: 7_200_000 });
    expect(planOf(instances)).not.toHaveProperty("usage");
  });

  test("are not kept by halves or nonsense", () => {
    expect(sentencesOf(`usage_reserve: 1\n${instances}`)[0]).toContain("a share from 0 to below 1");
    expect(sentencesOf(`on_limit: fail\nlimit_wait_max: 1h\n${instances}`)[0]).toContain("nothing waits");
    expect(sentencesOf(`limit_wait_max: 0\n${instances}`)[0]).toContain("longer than nothing");
  });
});
