import { expect, test } from "vitest";
import { registryKey, registryPolicy } from "./registryPolicy.ts";

/** As `reg query` prints a key: its whole name, then a value a line. */
const printed = (...values: readonly string[]): string =>
  ["", String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Policies\claude-orchestrator`, ...values, ""].join("\r\n");

test("a policy in the registry is one text in JSON, or the lines of the file", () => {
  expect(registryPolicy(() => printed('    Policy    REG_SZ    {"agents":["claude"]}'))).toBe('{"agents":["claude"]}');
  const lines = String.raw`    Policy    REG_MULTI_SZ    agents: [claude]\0trust_workspace: never`;
  expect(registryPolicy(() => printed("    Other    REG_DWORD    0x1", lines))).toBe(
    "agents: [claude]\ntrust_workspace: never",
  );
});

test("where there is no key there is no policy; a key without one stops the program", () => {
  const asked: string[] = [];
  expect(registryPolicy((key) => void asked.push(key))).toBeUndefined();
  expect(asked).toEqual([registryKey]);
  expect(() => registryPolicy(() => printed("    Policy    REG_DWORD    0x1"))).toThrow(
    "no value `Policy` that is text",
  );
  expect(() => registryPolicy(() => printed())).toThrow("no value `Policy` that is text");
});
