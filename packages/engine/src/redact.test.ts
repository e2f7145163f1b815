import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor, withoutSecrets } from "./redact.ts";
import { planOf } from "./testing/simulation.ts";

test("no text that goes through a redactor holds a secret value of the environment", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!"[API_KEY]".includes(secret) && !before.includes(secret) && !after.includes(secret));
      expect(createRedactor({ API_KEY: secret })(`${before}|${secret}|${after}`)).toContain("[API_KEY]");
    }),
  );
});

test("values that are not secret are left alone", () => {
  expect(createRedactor({ HOME: "/home/someone", SHORT_KEY: "abc" })("/home/someone abc")).toBe("/home/someone abc");
});

test("a plan is written down without the secrets that stand in its file, and is otherwise the same", () => {
  const plan = planOf([
    {
      name: "a",
      env: {
        values: { API_TOKEN: "file-secret-1", PLAIN: "visible value", DB_PASSWORD: "${{ variables.password }}" },
        pass: ["X"],
      },
      settings: { env: { SOME_KEY: "file-secret-2" }, apiKeyHelper: "short" },
      mcpConfig: {
        demo: {
          command: "node",
          env: { GITHUB_TOKEN: "file-secret-3" },
          headers: { Authorization: "Bearer file-secret-4" },
        },
      },
    },
  ]);
  const written = withoutSecrets(plan);
  expect(JSON.stringify(written)).not.toContain("file-secret");
  expect(written.instances).toEqual([
    {
      ...plan.instances[0],
      env: {
        values: { API_TOKEN: "[API_TOKEN]", PLAIN: "visible value", DB_PASSWORD: "${{ variables.password }}" },
        pass: ["X"],
      },
      settings: { env: { SOME_KEY: "[SOME_KEY]" }, apiKeyHelper: "short" },
      mcpConfig: {
        demo: {
          command: "node",
          env: { GITHUB_TOKEN: "[GITHUB_TOKEN]" },
          headers: { Authorization: "[Authorization]" },
        },
      },
    },
  ]);
});

test("a secret of the file is taken out of everything else the plan says of its instance, but not of its name", () => {
  const value = "hunter2hunter2";
  const plan = planOf([
    {
      name: "a",
      env: { values: { DBPASS: value }, pass: [] },
      description: `with ${value}`,
      commandKey: `use ${value}`,
    },
  ]);
  expect(withoutSecrets(plan).instances[0]).toMatchObject({
    name: "a",
    env: { values: { DBPASS: "[DBPASS]" } },
    description: "with [DBPASS]",
    commandKey: "use [DBPASS]",
  });
});

test("folders and sockets with such names are no secrets", () => {
  expect(
    createRedactor({ PWD: "/home/me/project", SSH_AUTH_SOCK: "/run/agent.sock", KEY_FILE: "/etc/key.pem" })(
      "/home/me/project /run/agent.sock /etc/key.pem",
    ),
  ).toBe("/home/me/project /run/agent.sock /etc/key.pem");
});
