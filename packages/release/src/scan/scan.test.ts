import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTarGz } from "../tar/makeTarGz.ts";
import { findShapes } from "./findShapes.ts";
import { machineShapes } from "./machineShapes.ts";
import type { Part } from "./part.ts";
import { partsOf } from "./partsOf.ts";
import { scanArtifacts, scanPart } from "./scanArtifacts.ts";
import { secretShapes } from "./secretShapes.ts";

/** Put together here, so that no scanner of this clone finds them. */
const joined = (...parts: readonly string[]): string => parts.join("");
const letters = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v2W3x4";
const keys: readonly (readonly [what: string, key: string])[] = [
  ["an Anthropic key", joined("sk-", "ant-api03-", letters)],
  ["an OpenAI key", joined("sk-", "proj-", letters)],
  ["an OpenRouter key", joined("sk-", "or-v1-", "0a".repeat(32))],
  ["a Google key", joined("AI", "za", letters.slice(0, 35))],
  ["an AWS key id", joined("AK", "IA", "Z2X3C4V5B6N7M8Q9")],
  ["a GitHub token", joined("gh", "p_", letters.slice(0, 36))],
  ["a GitHub token", joined("github_", "pat_", letters, "abcdef")],
  ["a GitLab token", joined("gl", "pat-", letters.slice(0, 20))],
  ["an npm token", joined("np", "m_", letters.slice(0, 36))],
  ["a password of a registry", joined("//registry.example/:_auth", "Token=", letters)],
  ["a Slack token", joined("xo", "xb-123456789012-", letters.slice(0, 24))],
  ["a signed token", joined("ey", "JhbGciOiJIUzI1NiJ9.", "ey", "JzdWIiOiIxMjM0NTY3ODkw.", letters)],
  ["a private key", joined("-----BEGIN ", "PRIVATE KEY-----\n", "MC4CAQAwBQYDK2VwBCIEIA".repeat(3))],
  ["a private key", joined('"-----BEGIN RSA ', "PRIVATE KEY-----\\n", "MIIEpAIBAAKCAQEA1234".repeat(3))],
  ["a key of minisign", joined("RW", "QAAEIy", "A".repeat(203), "=")],
  ["a key of age", joined("AGE-SECRET-", "KEY-1", "Q".repeat(58))],
];

describe("a key", () => {
  test.each(keys)("is found wherever it stands, and not repeated: %s", (what, key) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.constantFrom(" ", '"', "\0", "=", "\n"), (noise, before) => {
        const start = Buffer.concat([Buffer.from(noise), Buffer.from(before)]);
        const bytes = Buffer.concat([start, Buffer.from(key), Buffer.from('"')]);
        const [found] = findShapes(bytes, secretShapes);
        expect(found?.what).toBe(what);
        // At its beginning, or where the telling part of a longer text begins.
        const beginning = bytes.toString("latin1", found?.offset, (found?.offset ?? 0) + 3);
        expect(beginning).toMatch(/^(?:sk-|AIz|AKI|gh|git|glp|npm|_au|xox|eyJ|---|RW|AGE)/);
        expect(scanPart({ name: "file", bytes }, secretShapes).join()).not.toContain(letters.slice(0, 20));
      }),
      { numRuns: 20 },
    );
  });

  test("is not what only looks like one: patterns, examples, names, public keys, the runtime's own words", () => {
    const innocent = [
      String.raw`/\bsk-ant-[A-Za-z0-9_-]{16,}/`,
      "sk-ant-…",
      "task-runner-with-a-long-name-that-goes-on-and-on-2000A",
      joined("AK", "IAIOSFODNN7EXAMPLE"),
      joined("-----BEGIN ", "PRIVATE KEY-----"),
      joined("-----BEGIN ", "PUBLIC KEY-----\n", "MCowBQYDK2VwAyEA".repeat(8)),
      "RWTypBGYIoMoFFUpjS++zGIAOz6suqHSZzw+KJkplkqxsuQcTa2aagI7",
      "_authToken=${NPM_TOKEN}",
      "npm_config_registry npm_package_json npm_lifecycle_event_of_a_long_script",
    ].join("\n");
    expect(findShapes(Buffer.from(innocent), secretShapes)).toEqual([]);
  });
});

test("the machine a file was made on is found by its folder, home, name and user, and no other is", () => {
  const machine = { home: "/home/somebody", user: "somebody", host: "workbench7" };
  const shapes = machineShapes("/home/somebody/clone", machine);
  const found = (text: string): readonly string[] => findShapes(Buffer.from(text), shapes).map(({ what }) => what);
  expect(found("at file:///home/somebody/clone/a.ts")).toHaveLength(2);
  expect(found("somebody@workbench7")).toEqual([
    "the name of the machine (workbench7)",
    "the user who made it (somebody)",
  ]);
  expect(found("/opt/home/somebody/x /home/somebodyelse/y workbench70 somebody")).toEqual([]);
  expect(machineShapes("/c", { home: "/", user: "root", host: "localhost" })).toHaveLength(1);
  const windows = machineShapes(String.raw`C:\clone of mine`, machine);
  expect(findShapes(Buffer.from(JSON.stringify(String.raw`C:\clone of mine\a`)), windows)).toHaveLength(1);
});

const secret = `before ${keys[0]?.[1] ?? ""}`;
const member = { path: "deep/file.txt", bytes: Buffer.from(secret) };

function zip(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const fixed = Buffer.alloc(46);
  fixed.write("PK\u0001\u0002", "latin1");
  fixed.writeUInt16LE(8, 10);
  fixed.writeUInt32LE(packed.length, 20);
  fixed.writeUInt16LE(name.length, 28);
  const local = Buffer.alloc(30);
  local.write("PK\u0003\u0004", "latin1");
  local.writeUInt16LE(name.length, 26);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, fixed, Buffer.from(name), end]);
}

function ar(name: string, content: Buffer): Buffer {
  const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}${String(content.length).padEnd(10)}\`\n`;
  return Buffer.concat([Buffer.from(`!<arch>\n${header}`), content]);
}

describe("what is packed is looked into", () => {
  const tgz = makeTarGz([member], 0);
  const elf = Buffer.from("7f454c46020101000000000028b52ffd00", "hex");
  const packed: readonly (readonly [form: string, bytes: Buffer, place: string])[] = [
    ["a tarball", tgz, "> (unpacked) > deep/file.txt, byte 7: "],
    ["a wheel or zip", zip("deep/file.txt", Buffer.from(secret)), "> deep/file.txt, byte 7: "],
    ["a deb", ar("data.tar.gz", tgz), "> data.tar.gz > (unpacked) > deep/file.txt, byte 7: "],
    ["a deb of zstd", ar("data.tar.zst", zstdCompressSync(tgz)), "> (frame 1) > (unpacked) > deep/file.txt, byte 7: "],
    [
      "an executable that carries its files",
      Buffer.concat([
        elf,
        zstdCompressSync(Buffer.from("first")),
        zstdCompressSync(Buffer.from(secret)),
        Buffer.from("signature"),
      ]),
      "> (frame 2), byte 7: ",
    ],
    [
      "a bundle of bundles",
      makeTarGz([{ path: "a.tgz", bytes: tgz }], 0),
      "> a.tgz > (unpacked) > deep/file.txt, byte 7: ",
    ],
  ];

  test.each(packed)("%s", (_form, bytes, place) => {
    const found = scanPart({ name: "artifact", bytes }, secretShapes);
    expect(found.map((line) => line.endsWith(`${place}an Anthropic key`))).toEqual([true]);
  });

  test("a page that is packed for browsers", () => {
    const found = scanPart({ name: "web/a.js.br", bytes: brotliCompressSync(secret) }, secretShapes);
    expect(found).toEqual(["web/a.js.br > (unpacked), byte 7: an Anthropic key"]);
  });

  test.skipIf(spawnSync("xz", ["--version"]).status !== 0)("xz, by the program of that name", () => {
    const { stdout } = spawnSync("xz", ["--compress", "--stdout"], { input: secret });
    expect(scanPart({ name: "a", bytes: stdout }, secretShapes)).toEqual(["a > (unpacked), byte 7: an Anthropic key"]);
  });

  test("and what cannot be is not waved through", () => {
    const cut = gzipSync(secret).subarray(0, -12);
    expect(scanPart({ name: "a", bytes: cut }, secretShapes)).toEqual([
      expect.stringMatching(/^a cannot be looked into: /),
    ]);
    const other = Buffer.from("377abcaf271c0004", "hex");
    expect(scanPart({ name: "b", bytes: other }, secretShapes)).toHaveLength(1);
  });

  test("but for bytes of any kind, which never make it fall over", () => {
    const marks = ["1f8b", "504b0304", "7f454c46", "28b52ffd", "213c617263683e0a"].map((mark) =>
      Buffer.from(mark, "hex"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 300 }), (mark, rest) => {
        expect(scanPart({ name: "a", bytes: Buffer.concat([mark, rest]) }, secretShapes).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("by headers too: they name who packed them", () => {
    const tar: Part = { name: "a.tar", bytes: Buffer.alloc(1024) };
    tar.bytes.write("ustar", 257);
    tar.bytes.write("0000000", 124);
    tar.bytes.write("file", 0);
    expect(partsOf(tar).map(({ name }) => name)).toEqual(["file", "(headers)"]);
  });
});

test("a release with a key in it fails, naming each place and never the key", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "scan "));
  try {
    const artifact = { path: "a.tgz", size: 0, sha256: "", kind: "npm" } as const;
    writeFileSync(path.join(folder, "a.tgz"), makeTarGz([member], 0));
    const scan = () => scanArtifacts({ output: folder, root: folder }, [artifact]);
    expect(scan).toThrow("this must not be released:\na.tgz > (unpacked) > deep/file.txt, byte 7: an Anthropic key");
    expect(scan).not.toThrow(keys[0]?.[1]);
    writeFileSync(path.join(folder, "a.tgz"), makeTarGz([{ path: "file", bytes: Buffer.from(`in ${folder}/x`) }], 0));
    expect(scan).toThrow("the folder it was made in");
    writeFileSync(path.join(folder, "a.tgz"), readFileSync(import.meta.filename));
    expect(scan).not.toThrow();
    const executable = { ...artifact, kind: "executable" } as const;
    expect(() => scanArtifacts({ output: folder, root: folder }, [executable])).toThrow(
      "carries nothing that could be",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
