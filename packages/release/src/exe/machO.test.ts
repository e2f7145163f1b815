import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { endOfContent, signedMachO } from "./machO.ts";
import { targets, type Target } from "./targets.ts";

const source = fileURLToPath(new URL("../../launcher", import.meta.url));
const hasTools = spawnSync("clang", ["--version"]).status === 0 && spawnSync("ld.lld", ["--version"]).status === 0;

interface Segment {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly memory: number;
}

/** The least there can be before a signature, made with what launchers are made with. */
function smallProgram({ compiler: [command, ...words], linking }: Target): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), "orchestrator launcher "));
  try {
    writeFileSync(path.join(folder, "main.c"), "int main(void) { return 0; }\n");
    const library = path.join(source, "macos/libSystem.tbd");
    const made = spawnSync(command, [...words, ...linking, "main.c", library, "-o", "small"], { cwd: folder });
    expect(made.stderr.toString()).toBe("");
    return readFileSync(path.join(folder, "small"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads a Mach-O file anew, with nothing of what wrote it. */
function readMachO(file: Buffer) {
  const segments: Segment[] = [];
  let signature: { readonly offset: number; readonly size: number } | undefined;
  let at = 32;
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    const command = file.readUInt32LE(at);
    if (command === 0x19) {
      segments.push({
        name: file.toString("latin1", at + 8, at + 24).replaceAll("\0", ""),
        memory: Number(file.readBigUInt64LE(at + 32)),
        offset: Number(file.readBigUInt64LE(at + 40)),
        size: Number(file.readBigUInt64LE(at + 48)),
      });
    }
    if (command === 0x1d) signature = { offset: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) };
    at += file.readUInt32LE(at + 4);
  }
  if (signature === undefined) throw new Error("not signed");
  return { segments, signature };
}

test.skipIf(!hasTools).each(["darwin-arm64", "darwin-x64"])(
  "an executable for %s ends with a signature of every page of it",
  (platform) => {
    const target = targets.find((each) => each.platform === platform);
    if (target === undefined) throw new Error(`no ${platform}`);
    const content = endOfContent(smallProgram(target));
    const packed = Buffer.concat([content, Buffer.alloc(100_003, "packed")]);
    const signed = signedMachO(packed, "an-identifier");

    const { segments, signature } = readMachO(signed);
    const last = segments.at(-1);
    expect(last?.name).toBe("__LINKEDIT");
    expect((last?.offset ?? 0) + (last?.size ?? 0)).toBe(signed.length);
    expect(last?.memory).toBeGreaterThanOrEqual(last?.size ?? 0);
    expect(signature.offset + signature.size).toBe(signed.length);
    // But for what its commands say of the end, nothing of the launcher or of what is packed is different.
    expect(signed.subarray(4096, packed.length).equals(packed.subarray(4096))).toBe(true);

    const directory = signed.subarray(signature.offset + signed.readUInt32BE(signature.offset + 16));
    expect(directory.readUInt32BE(0)).toBe(0xfade0c02);
    expect(directory.readUInt32BE(12)).toBe(2);
    expect(directory.readUInt32BE(32)).toBe(signature.offset);
    const named = directory.subarray(directory.readUInt32BE(20));
    expect(named.toString("latin1", 0, named.indexOf(0))).toBe("an-identifier");
    const pages = Math.ceil(signature.offset / 4096);
    expect(directory.readUInt32BE(28)).toBe(pages);
    const found = Array.from({ length: pages }, (_, page) => {
      const at = directory.readUInt32BE(16) + page * 32;
      return directory.toString("hex", at, at + 32);
    });
    const wanted = Array.from({ length: pages }, (_, page) => {
      const bytes = signed.subarray(page * 4096, Math.min((page + 1) * 4096, signature.offset));
      return createHash("sha256").update(bytes).digest("hex");
    });
    expect(found).toEqual(wanted);
  },
);

test("what is no Mach-O file is refused", () => {
  expect(() => endOfContent(Buffer.from("#!/bin/sh\n"))).toThrow("this is no Mach-O file of 64 bits");
});
