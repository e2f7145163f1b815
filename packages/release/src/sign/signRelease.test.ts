/** What is signed here against minisign, signify and OpenSSL themselves, and theirs against what the program verifies with. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parsePublicKey, verifyFile, verifyFolder } from "@claude-orchestrator/update";
import type { Believed } from "@claude-orchestrator/update";
import type { Artifact } from "../artifact.ts";
import { keyId, newSigningKey } from "./keyPair.ts";
import { sealRelease } from "./sealRelease.ts";
import { publicKeyFile, readSecretKey, secretKeyFile } from "./secretKeyFile.ts";
import { signRelease } from "./signRelease.ts";

let folder: string;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "claude orchestrator sign "))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);
const said: string[] = [];
const context = () => ({
  version: "1.2.3",
  commit: "0".repeat(40),
  sourceDateEpoch: 1_700_000_000,
  root: folder,
  bundle: folder,
  output: folder,
  made: [],
  say: (line: string) => void said.push(line),
});

function believing(publicLine: string): Believed {
  const key = parsePublicKey(publicLine);
  if ("problem" in key) throw new Error(key.problem);
  return { keys: [{ ...key, isTest: false }], allowTestKey: false };
}

function run(
  program: string,
  words: readonly string[],
  input = "",
): { readonly status: number; readonly talk: string } {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: folder, input, encoding: "utf8" });
  if (error !== undefined) throw error;
  return { status: status ?? 1, talk: stdout + stderr };
}

/** The first of these names that there is. */
function installed(...names: readonly string[]): string | undefined {
  const found = names.find((name) => spawnSync(name, ["-h"], { input: "" }).error === undefined);
  if (found === undefined) console.warn(`skipped: ${names.join(" or ")} is not installed`);
  return found;
}

const hello = "content of a file\n";
const checksum = { path: "hello.txt", sha256: createHash("sha256").update(hello).digest("hex") };

async function signHello(key = newSigningKey()): Promise<typeof key> {
  writeFileSync(at("hello.txt"), hello);
  await signRelease(context(), [checksum], key);
  writeFileSync(at("ours.pub"), publicKeyFile(key));
  return key;
}

test("the same files, key and time give the same bytes, and say of what release they are", async () => {
  const key = await signHello();
  const first = readFileSync(at("SHA256SUMS.minisig"), "utf8");
  await signHello(key);
  expect(readFileSync(at("SHA256SUMS.minisig"), "utf8")).toBe(first);
  expect(first).toContain(
    `\ntrusted comment: timestamp:1700000000\tfile:SHA256SUMS\tversion:1.2.3\tcommit:${"0".repeat(40)}\n`,
  );
});

describe("a sealed release", () => {
  const seal = async (manifest: object, env = {}): Promise<readonly string[]> => {
    writeFileSync(at("hello.txt"), hello);
    writeFileSync(at("manifest.json"), JSON.stringify(manifest));
    return (await sealRelease(context(), at("manifest.json"), env)).map((each: Artifact) => each.path);
  };
  const manifest = { artifacts: [{ ...checksum, size: hello.length, kind: "npm" }] };

  test("is verified whole by the program, but not where only the test key has signed it", async () => {
    const key = newSigningKey();
    const env = { RELEASE_SIGNING_KEY: await secretKeyFile(key, undefined) };
    expect(await seal(manifest, env)).toEqual(["SHA256SUMS", "SHA256SUMS.minisig", "SHA256SUMS.sig"]);
    expect(await verifyFolder(folder, believing(key.publicLine))).toMatchObject({
      isVerified: true,
      findings: [{ path: "SHA256SUMS" }, { path: "hello.txt" }, { path: "manifest.json" }],
    });
    await seal(manifest);
    expect(said.at(-1)).toBe("signed with the test key: RELEASE_SIGNING_KEY is not set, so this is no release");
    expect(readFileSync(at("SHA256SUMS.minisig"), "utf8")).toContain("\tTEST KEY, NOT A RELEASE\n");
  });

  test("is none where a file is not what the manifest says", async () => {
    const other = { artifacts: [{ ...manifest.artifacts[0], sha256: "0".repeat(64) }] };
    await expect(seal(other)).rejects.toThrow("hello.txt is not what");
    await expect(seal({ artifacts: [{ path: "gone", sha256: "" }] })).rejects.toThrow("gone is not what");
  });
});

const minisign = installed("minisign");

describe.skipIf(minisign === undefined)("minisign itself", () => {
  const tool = minisign ?? "";

  test("verifies what is signed here", async () => {
    await signHello();
    expect(run(tool, ["-V", "-H", "-p", "ours.pub", "-m", "SHA256SUMS"])).toMatchObject({
      status: 0,
      talk: expect.stringContaining("Trusted comment: timestamp:1700000000\tfile:SHA256SUMS\tversion:1.2.3"),
    });
    writeFileSync(at("SHA256SUMS"), "other");
    expect(run(tool, ["-V", "-p", "ours.pub", "-m", "SHA256SUMS"]).status).not.toBe(0);
  });

  test.each([[[]], [["-l"]]])("signs what is verified here, with %j", async (more) => {
    expect(run(tool, ["-G", "-W", "-p", "their.pub", "-s", "their.key"]).status).toBe(0);
    writeFileSync(at("hello.txt"), hello);
    expect(run(tool, ["-S", "-W", ...more, "-s", "their.key", "-m", "hello.txt"]).status).toBe(0);
    const their = believing(readFileSync(at("their.pub"), "utf8"));
    expect(await verifyFile(at("hello.txt"), their)).toMatchObject({ isVerified: true });
    writeFileSync(at("hello.txt"), "content of a foul\n");
    expect(await verifyFile(at("hello.txt"), their)).toMatchObject({ isVerified: false });
  });

  test("and this pipeline sign with each other's keys, locked ones too", async () => {
    writeFileSync(at("hello.txt"), hello);
    const key = newSigningKey();
    // A cheap lock: minisign takes whatever limits the file has.
    const locked = await secretKeyFile(key, "correct horse", { operations: 32_768, memory: 1_048_576 });
    writeFileSync(at("ours.key"), locked, { mode: 0o600 });
    const signed = run(tool, ["-S", "-s", "ours.key", "-m", "hello.txt"], "correct horse\n");
    expect(signed).toMatchObject({ status: 0 });
    expect(await verifyFile(at("hello.txt"), believing(key.publicLine))).toMatchObject({ isVerified: true });
    run(tool, ["-G", "-W", "-p", "their.pub", "-s", "their.key"]);
    const theirs = await readSecretKey(readFileSync(at("their.key"), "utf8"), undefined);
    expect(readFileSync(at("their.pub"), "utf8").replace(/key [0-9A-F]+\n/, `key ${keyId(theirs)}\n`)).toBe(
      publicKeyFile(theirs),
    );
  });
});

const signify = installed("signify-openbsd", "signify");

describe.skipIf(signify === undefined)("signify itself", () => {
  const tool = signify ?? "";

  test("verifies what is signed here", async () => {
    await signHello();
    const words = ["-V", "-p", "ours.pub", "-m", "SHA256SUMS"];
    expect(run(tool, words)).toMatchObject({ status: 0 });
    writeFileSync(at("SHA256SUMS"), "other");
    expect(run(tool, words).status).not.toBe(0);
  });

  test("signs what is verified here", async () => {
    writeFileSync(at("hello.txt"), hello);
    expect(run(tool, ["-G", "-n", "-p", "their.pub", "-s", "their.sec"]).status).toBe(0);
    expect(run(tool, ["-S", "-s", "their.sec", "-m", "hello.txt"]).status).toBe(0);
    const their = believing(readFileSync(at("their.pub"), "utf8"));
    expect(await verifyFile(at("hello.txt"), their)).toMatchObject({ isVerified: true });
  });
});

const openssl = installed("openssl");

test.skipIf(openssl === undefined)("OpenSSL alone verifies the signature for signify, by hand", async () => {
  const key = await signHello();
  const spki = Buffer.from("302a300506032b6570032100", "hex");
  writeFileSync(at("key.der"), Buffer.concat([spki, Buffer.from(key.publicLine, "base64").subarray(10)]));
  const line = readFileSync(at("SHA256SUMS.sig"), "utf8").split("\n")[1] ?? "";
  writeFileSync(at("raw.sig"), Buffer.from(line, "base64").subarray(10));
  const words = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.der", "-keyform", "DER", "-rawin"];
  expect(run("openssl", [...words, "-in", "SHA256SUMS", "-sigfile", "raw.sig"]).status).toBe(0);
});
