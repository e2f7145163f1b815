import { describe, expect, test } from "vitest";
import { planFromPrompts } from "../planFromPrompts.ts";
import { planOf, sentencesOf, testOptions } from "../testing/loading.ts";

const instances = "instances: [{ name: a, prompt: do it }]\n";

describe("gateway", () => {
  test("is off unless asked for, by the file or by the command line, which wins", () => {
    expect(planOf(instances)).not.toHaveProperty("gateway");
    expect(planOf(`gateway: off\n${instances}`)).not.toHaveProperty("gateway");
    const plain = { upstreams: {}, allowUnpriced: false };
    expect(planOf(`gateway: on\n${instances}`).gateway).toEqual(plain);
    expect(planOf(instances, { overrides: { gateway: true } }).gateway).toEqual(plain);
    expect(planOf(`gateway: on\n${instances}`, { overrides: { gateway: false } })).not.toHaveProperty("gateway");
    expect(planFromPrompts(["hi"], { ...testOptions, overrides: { gateway: true } }).gateway).toEqual(plain);
  });

  test("gives each key its one place, paths from the file's folder", () => {
    const plan = planOf(`gateway:
  anthropic: { url: https://gate.example.com/a, key: { file: keys/a } }
  openai: { key: { command: [pass, show, openai] } }
  google: { key: { credential: google } }
  ca: ~/company.pem
  allow_unpriced: true
  max_output_tokens: 8000
  max_concurrent_requests: 4
  required: true
${instances}`);
    expect(plan.gateway).toEqual({
      upstreams: {
        anthropic: { url: "https://gate.example.com/a", key: { kind: "file", path: "/home/ada/project/keys/a" } },
        openai: { key: { kind: "command", argv: ["pass", "show", "openai"] } },
        google: { key: { kind: "credential", name: "google" } },
      },
      caFile: "/home/ada/company.pem",
      allowUnpriced: true,
      maxOutputTokens: 8000,
      maxConcurrentRequests: 4,
      required: true,
    });
  });

  test("takes a key from the system's keychain, by service and account", () => {
    const keychain = (given: string) =>
      planOf(`gateway: { openai: { key: ${given} } }\n${instances}`).gateway?.upstreams;
    expect([keychain("{ keychain: openai }"), keychain("{ keychain: openai, account: work }")]).toEqual([
      { openai: { key: { kind: "keychain", service: "openai" } } },
      { openai: { key: { kind: "keychain", service: "openai", account: "work" } } },
    ]);
  });

  test.for([
    ["{ anthropic: { key: { env: A, account: b } } }", "an account is one of a keychain's"],
    ["{ anthropic: { key: {} } }", "a key is read from one place"],
    ["{ anthropic: { key: { env: A, file: b } } }", "a key is read from one place"],
    ["{ anthropic: { key: sk-ant-secret } }", "must be"],
    ["{ anthropic: { key: { command: [] } } }", "must be a list with at least a program"],
    ["{ antropic: {} }", "`antropic` is not a field of the gateway"],
    ["{ anthropic: { url: ftp://gate } }", "1:30 `ftp://gate` is no address of an API | write it with http://"],
    ["maybe", "must be on, off, or an object of settings"],
  ] as const)("says what is wrong with %s", ([given, sentence]) => {
    expect(sentencesOf(`gateway: ${given}\n${instances}`).join("\n")).toContain(sentence);
  });
});
