import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonVersion } from "./pythonVersion.ts";
import { wheelFiles } from "./wheelFiles.ts";
import { tagOf } from "./wheelTag.ts";

test.each([
  ["1.2.3", "1.2.3"],
  ["1.2.3-alpha.0", "1.2.3a0"],
  ["1.2.3-beta.11", "1.2.3b11"],
  ["2.0.0-rc.1", "2.0.0rc1"],
])("%s is %s in Python", (ours, python) => {
  expect(pythonVersion(ours)).toBe(python);
});

test.each(["1.2", "1.2.3-next.1", "1.2.3+build"])("%s cannot be said in Python", (version) => {
  expect(() => pythonVersion(version)).toThrow(`${version} cannot be said in Python`);
});

describe("the tag is of the oldest system the runtime starts on", () => {
  test("on Linux the newest glibc it names, by number and not by letter", () => {
    const elf = Buffer.from("\0GLIBC_2.9\0GLIBC_2.2.5\0GLIBC_2.28\0GLIBCXX_3.4.21\0GLIBC_PRIVATE\0");
    expect(tagOf({ format: "elf", processor: "x64" }, elf)).toBe("manylinux_2_28_x86_64");
    expect(tagOf({ format: "elf", processor: "arm64" }, elf)).toBe("manylinux_2_28_aarch64");
    expect(() => tagOf({ format: "elf", processor: "x64" }, Buffer.from("static"))).toThrow("no version of glibc");
  });

  test.each([
    [11, 0, "macosx_11_0_arm64"],
    [13, 5, "macosx_14_0_arm64"],
  ])("on macOS the first that pip has a name for: %i.%i", (major, minor, tag) => {
    expect(tagOf({ format: "mach-o", processor: "arm64" }, machO(major, minor))).toBe(tag);
  });
});

/** A header and one command that says which macOS it is for. */
function machO(major: number, minor: number): Buffer {
  const file = Buffer.alloc(56);
  file.writeUInt32LE(1, 16);
  file.writeUInt32LE(0x32, 32);
  file.writeUInt32LE(24, 36);
  file.writeUInt32LE((major << 16) | (minor << 8), 44);
  return file;
}

describe("what is in a wheel", () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), "claude-orchestrator wheel-"));
    writeFileSync(path.join(root, "package.json"), '{ "description": "what it is" }');
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("one program, no Python, and a record that is true of every file", () => {
    const program = { path: "claude-orchestrator", bytes: Buffer.from("program"), isExecutable: true };
    const shared = [{ path: "share/man/man1/claude-orchestrator.1", bytes: Buffer.from(".TH") }];
    const licences = ["LICENSE", "THIRD-PARTY-LICENSES"].map((each) => ({ path: each, bytes: Buffer.from(each) }));
    const files = wheelFiles({ version: "1.2.3-rc.1", root }, { tag: "win_amd64", program, shared, licences });
    const name = "claude_orchestrator-1.2.3rc1";
    expect(files.map((each) => each.path)).toEqual([
      `${name}.data/data/share/man/man1/claude-orchestrator.1`,
      `${name}.data/scripts/claude-orchestrator`,
      `${name}.dist-info/METADATA`,
      `${name}.dist-info/RECORD`,
      `${name}.dist-info/WHEEL`,
      `${name}.dist-info/licenses/LICENSE`,
      `${name}.dist-info/licenses/THIRD-PARTY-LICENSES`,
    ]);
    expect(files.filter((each) => each.isExecutable).map((each) => each.path)).toEqual([
      `${name}.data/scripts/claude-orchestrator`,
    ]);
    const textOf = (file: string): string =>
      files.find((each) => each.path === `${name}.dist-info/${file}`)?.bytes.toString() ?? "";
    expect(textOf("METADATA")).toMatch(/^Metadata-Version: 2.4\nName: claude-orchestrator\nVersion: 1.2.3rc1\n/);
    expect(textOf("METADATA")).toContain("License-Expression: MIT\nLicense-File: LICENSE\n");
    expect(textOf("WHEEL")).toContain("Root-Is-Purelib: false\nTag: py3-none-win_amd64\n");
    const recorded = textOf("RECORD").trim().split("\n");
    expect(recorded).toEqual([
      ...files
        .filter((each) => !each.path.endsWith("/RECORD"))
        .map(({ path: file, bytes }) => {
          return `${file},sha256=${createHash("sha256").update(bytes).digest("base64url")},${bytes.length}`;
        }),
      `${name}.dist-info/RECORD,,`,
    ]);
  });
});
