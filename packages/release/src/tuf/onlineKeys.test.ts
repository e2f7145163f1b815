import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseStrangers } from "./refuseStrangers.ts";
import { writeRoot, writeTargets } from "./repository.ts";
import { readOnlineKeys, testSigningKeys } from "./roleKeys.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator online-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const newPem = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();

test("of a key that is missing or broken the variable is said, and nothing that stands in it", () => {
  const env = { RELEASE_TUF_SNAPSHOT_KEY: newPem(), RELEASE_TUF_TIMESTAMP_KEY: newPem() };
  expect(Object.values(readOnlineKeys(env)).map((keys) => keys.length)).toEqual([0, 0, 1, 1]);
  expect(() => readOnlineKeys({ ...env, RELEASE_TUF_TIMESTAMP_KEY: "" })).toThrow(
    "RELEASE_TUF_TIMESTAMP_KEY is not set",
  );
  expect(() => readOnlineKeys({ ...env, RELEASE_TUF_SNAPSHOT_KEY: "a secret" })).toThrow(
    /^RELEASE_TUF_SNAPSHOT_KEY holds no Ed25519 key in PEM$/,
  );
});

test("keys that the newest root does not believe sign nothing", () => {
  const keys = testSigningKeys();
  expect(() => refuseStrangers(folder, keys)).toThrow("has no root");
  writeRoot(folder, { at: 0, keys });
  writeTargets(folder, [], { at: 0, keys });
  expect(() => refuseStrangers(folder, keys)).not.toThrow();
  const others = readOnlineKeys({ RELEASE_TUF_SNAPSHOT_KEY: newPem(), RELEASE_TUF_TIMESTAMP_KEY: newPem() });
  expect(() => refuseStrangers(folder, { ...keys, timestamp: others.timestamp })).toThrow(
    /The key for the timestamp is none that .*1\.root\.json believes/,
  );
});
