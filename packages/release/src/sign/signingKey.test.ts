import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { pinnedKeys } from "@claude-orchestrator/update";
import { keyId, newSigningKey } from "./keyPair.ts";
import { secretKeyFile } from "./secretKeyFile.ts";
import { signingKey } from "./signingKey.ts";

test("without a key in the environment it is the test key, which the program knows as that", async () => {
  const key = await signingKey({});
  expect(key.isTest).toBe(true);
  expect(
    pinnedKeys()
      .filter(({ isTest }) => isTest)
      .map(({ id }) => id),
  ).toEqual([keyId(key)]);
});

test("a key may stand in the environment itself or in a file it names", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "signing key "));
  try {
    const key = newSigningKey();
    const text = await secretKeyFile(key, undefined);
    const file = path.join(folder, "release.key");
    writeFileSync(file, text);
    for (const given of [text, text.split("\n")[1], file]) {
      expect(await signingKey({ RELEASE_SIGNING_KEY: given })).toMatchObject({
        publicLine: key.publicLine,
        isTest: false,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what cannot be used is refused in words that hold nothing of it", async () => {
  const broken = `RWsecret${"A".repeat(60)}`;
  const refusal = await signingKey({ RELEASE_SIGNING_KEY: broken }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: "usage",
    message: "RELEASE_SIGNING_KEY cannot be used: it is neither a secret key nor a file that can be read",
  });
  expect(JSON.stringify(refusal)).not.toContain("RWsecret");
});
