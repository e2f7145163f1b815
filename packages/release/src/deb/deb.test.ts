import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { controlFiles } from "./control.ts";
import { debianVersion } from "./debianVersion.ts";
import { copyright } from "./debTexts.ts";
import { makeAr } from "./makeAr.ts";

test("a version that is to come is older than the one that has come", () => {
  expect(debianVersion("1.2.3-beta.1")).toBe("1.2.3~beta.1");
  expect(debianVersion("1.2.3")).toBe("1.2.3");
});

test("another's reader of archives finds the members, in their order, of any length", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator ar-"));
  try {
    const members = [
      { name: "odd", bytes: Buffer.from("abc") },
      { name: "even", bytes: Buffer.from("abcd") },
    ];
    writeFileSync(path.join(folder, "x.ar"), makeAr(members, 1_700_000_000));
    const listed = spawnSync("ar", ["t", "x.ar"], { cwd: folder, encoding: "utf8" });
    expect([listed.stdout, listed.stderr]).toEqual(["odd\neven\n", ""]);
    expect(spawnSync("ar", ["p", "x.ar", "even"], { cwd: folder, encoding: "utf8" }).stdout).toBe("abcd");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(() => makeAr([{ name: "x".repeat(17), bytes: Buffer.alloc(0) }], 0)).toThrow("too long for an ar");
});

test("the control file names what the Node inside links, and the size in KiB, each file rounded up", () => {
  const [control, sums] = controlFiles({
    version: "1.2.3",
    architecture: "arm64",
    glibc: { major: 2, minor: 28 },
    files: [
      { path: "usr/bin/a", bytes: Buffer.alloc(1025) },
      { path: "usr/share/b", bytes: Buffer.from("b") },
    ],
  });
  expect(control?.bytes.toString()).toContain(
    "Installed-Size: 3\nDepends: libc6 (>= 2.28), libstdc++6 (>= 5.1.1), libgcc-s1 | libgcc1\n",
  );
  expect(sums?.bytes.toString()).toContain("92eb5ffee6ae2fec3ad71c777531578f  usr/share/b\n");
});

test("the copyright is in the form that machines read: an empty line is a dot", () => {
  const text = copyright(
    "MIT License\n\nCopyright (c) 2026 somebody\n\nPermission is hereby granted\n\nTHE SOFTWARE\n",
  );
  expect(text).toContain("\nFiles: *\nCopyright: 2026 somebody\nLicense: Expat\n\nLicense: Expat\n");
  expect(text).toMatch(/\n Permission is hereby granted\n \.\n THE SOFTWARE\n$/);
});
