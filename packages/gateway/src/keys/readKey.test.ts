import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeySource } from "@claude-orchestrator/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKey } from "./readKey.ts";

let folder: string;
const secret = "sk-test-0123456789";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway key "));
  writeFileSync(join(folder, "key"), `${secret}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "open"), secret);
  chmodSync(join(folder, "open"), 0o644);
  writeFileSync(join(folder, "empty"), "\n", { mode: 0o400 });
  writeFileSync(join(folder, "two"), `${secret}\n${secret}\n`, { mode: 0o600 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (source: KeySource, env: Record<string, string> = {}): Promise<string> =>
  readKey(source, { env: { PATH: "/usr/bin:/bin", ...env }, platform: "linux" });

describe("a key is read from where it is kept", () => {
  test.each([
    ["the environment", () => read({ kind: "env", name: "MY_KEY" }, { MY_KEY: secret })],
    ["a file of its owner's", () => read({ kind: "file", path: join(folder, "key") })],
    ["what a program prints", () => read({ kind: "command", argv: ["printf", "%s\n", secret] })],
    ["systemd's credentials", () => read({ kind: "credential", name: "key" }, { CREDENTIALS_DIRECTORY: folder })],
  ])("%s", async (_, reading) => {
    expect(await reading()).toBe(secret);
  });
});

describe("a key that is not to be had is told by its place, never by what was found there", () => {
  test.each([
    ["is not set", { kind: "env", name: "NO_KEY" }, "the key in NO_KEY is empty"],
    ["others may read", { kind: "file", path: "open" }, "may be read by others than its owner"],
    ["is not there", { kind: "file", path: "missing" }, "cannot be read (ENOENT)"],
    ["is empty", { kind: "file", path: "empty" }, "is empty"],
    ["has company", { kind: "file", path: "two" }, "holds more than a key"],
    [
      "whose program fails",
      { kind: "command", argv: ["false"] },
      "the key's program `false` gave none: it ended with 1",
    ],
    ["would leave its folder", { kind: "credential", name: "../key" }, "there is no such credential here"],
  ] as const)("%s", async (_, source, message) => {
    const placed = source.kind === "file" ? { ...source, path: join(folder, source.path) } : source;
    const error: unknown = await read(placed, { CREDENTIALS_DIRECTORY: folder }).catch((each: unknown) => each);
    expect(error).toMatchObject({ name: "UserError", code: "gateway-key", message: expect.stringContaining(message) });
    expect(String(error)).not.toContain(secret);
  });
});
