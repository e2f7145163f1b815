/** Programs are signed as their systems want it: by the tools themselves where they are, with keys made for the test. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { artifactOf } from "../artifact.ts";
import type { Artifact, Platform } from "../artifact.ts";
import { macosWords } from "./macos.ts";
import { signCode } from "./signCode.ts";

let folder: string;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "claude orchestrator code "))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);

/** The smallest file Windows' loader and the tool take for a program of 64 bits. */
function tinyProgram(): Buffer {
  const file = Buffer.alloc(1024);
  file.write("MZ");
  file.writeUInt32LE(64, 60);
  file.write("PE\0\0", 64, "latin1");
  file.writeUInt16LE(0x8664, 68);
  file.writeUInt16LE(1, 70);
  file.writeUInt16LE(240, 84);
  file.writeUInt16LE(0x0022, 86);
  const optional = 88;
  file.writeUInt16LE(0x20b, optional);
  file.writeUInt32LE(512, optional + 60);
  file.writeUInt32LE(16, optional + 108);
  const section = optional + 240;
  file.write(".text", section);
  file.writeUInt32LE(512, section + 16);
  file.writeUInt32LE(512, section + 20);
  return file;
}

async function makeProgram(platform: Platform): Promise<Artifact> {
  writeFileSync(at("program.exe"), tinyProgram());
  return artifactOf({ output: folder }, at("program.exe"), { kind: "executable", platform });
}

async function sign(artifact: Artifact, env: Readonly<Record<string, string>> = {}) {
  const said: string[] = [];
  const context = {
    version: "1.2.3",
    commit: "unknown",
    sourceDateEpoch: 1_700_000_000,
    root: folder,
    bundle: folder,
    output: folder,
    made: [],
    say: (line: string) => void said.push(line),
  };
  const [signed] = await signCode(context, [artifact], { PATH: process.env["PATH"], ...env });
  return { signed, said };
}

function isInstalled(name: string): boolean {
  const found = spawnSync(name, ["--version"], { input: "" }).error === undefined;
  if (!found) console.warn(`skipped: ${name} is not installed`);
  return found;
}

/** A key that signs nothing but in this test. */
function makeCertificate(): Readonly<Record<string, string>> {
  const subject = ["-subj", "/CN=claude-orchestrator test", "-addext", "extendedKeyUsage=codeSigning", "-days", "30"];
  const files = ["-keyout", at("code.key"), "-out", at("code.pem")];
  writeFileSync(at("password"), "open sesame\n");
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-passout", `file:${at("password")}`, ...subject, ...files];
  const { status, stderr } = spawnSync("openssl", words, { input: "", encoding: "utf8" });
  expect([status, status === 0 ? "" : stderr]).toEqual([0, ""]);
  return {
    WINDOWS_SIGNING_CERT: at("code.pem"),
    WINDOWS_SIGNING_KEY: at("code.key"),
    WINDOWS_SIGNING_PASSWORD_FILE: at("password"),
  };
}

describe.skipIf(![isInstalled("osslsigncode"), isInstalled("openssl")].every(Boolean))("a program for Windows", () => {
  test("is signed with the key of the environment, verified by the tool itself, the same bytes each time", async () => {
    const env = makeCertificate();
    const before = await makeProgram("win-x64");
    const { signed, said } = await sign(before, env);
    expect([said, signed?.sha256 === before.sha256]).toEqual([[], false]);
    const words = ["verify", "-CAfile", at("code.pem"), "-in", at("program.exe")];
    expect(spawnSync("osslsigncode", words, { encoding: "utf8" }).stdout).toMatch(/signature verification: ok/i);
    const again = await sign(await makeProgram("win-x64"), env);
    expect(again.signed?.sha256).toBe(signed?.sha256);
  });

  test("is left as it was where the key cannot be opened, and the release fails", async () => {
    const env = makeCertificate();
    writeFileSync(at("password"), "wrong\n");
    const before = await makeProgram("win-x64");
    await expect(sign(before, env)).rejects.toThrow("osslsigncode ended with");
    expect(readFileSync(at("program.exe")).equals(tinyProgram())).toBe(true);
  });
});

test("without a key or a tool nothing is signed, and that is said", async () => {
  const windows = await makeProgram("win-x64");
  expect(await sign(windows)).toEqual({
    signed: windows,
    said: [
      "program.exe is not signed for its system: WINDOWS_SIGNING_PKCS12, or WINDOWS_SIGNING_CERT and WINDOWS_SIGNING_KEY, are not set",
    ],
  });
  const env = { WINDOWS_SIGNING_PKCS12: "key.p12", PATH: folder };
  expect((await sign(windows, env)).said).toEqual([
    "program.exe is not signed for its system: `osslsigncode` is not installed",
  ]);
  const mac = await makeProgram("darwin-arm64");
  expect((await sign(mac)).said).toEqual([expect.stringContaining("the ad-hoc signature stays")]);
  expect((await sign(mac, { MACOS_SIGNING_PKCS12: "key.p12", PATH: folder })).said).toEqual([
    "program.exe is not signed for its system: `rcodesign` is not installed; the ad-hoc signature stays",
  ]);
  const linux = await makeProgram("linux-x64");
  expect(await sign(linux)).toEqual({ signed: linux, said: [] });
});

test("a program for macOS is signed hardened, by Apple's tool or the free one, with no password in its words", () => {
  expect(macosWords("a b", { MACOS_SIGNING_IDENTITY: "Developer ID Application: Us" })).toEqual([
    "codesign",
    "--options",
    "runtime",
    "--timestamp",
    "--force",
    "--sign",
    "Developer ID Application: Us",
    "a b",
  ]);
  expect(macosWords("a", { MACOS_SIGNING_PKCS12: "k.p12", MACOS_SIGNING_PASSWORD_FILE: "pass" })).toEqual([
    "rcodesign",
    "sign",
    "--p12-file",
    "k.p12",
    "--p12-password-file",
    "pass",
    "--code-signature-flags",
    "runtime",
    "a",
  ]);
});
