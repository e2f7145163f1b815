import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tarBlock, tarHeader, tarPadding } from "./makeTarGz.ts";
import { paxHeader } from "./paxHeader.ts";

const at = 1_700_000_000;

test("tar unpacks a name of any length", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator pax-"));
  try {
    const files = [
      "short",
      "x".repeat(101),
      `${"long".repeat(60)}, and ü`,
      `${"d".repeat(200)}/${"f".repeat(200)}`,
    ].map((name) => ({ path: name, bytes: Buffer.from(name) }));
    const parts = files.flatMap((file) => [paxHeader(file, at), file.bytes, tarPadding(file.bytes.length)]);
    writeFileSync(path.join(folder, "x.tar"), Buffer.concat([...parts, Buffer.alloc(2 * tarBlock)]));
    const tar = spawnSync("tar", ["-xf", "x.tar"], { cwd: folder, encoding: "utf8" });
    expect(tar).toMatchObject({ status: 0, stderr: "" });
    for (const file of files) {
      expect(readFileSync(path.join(folder, file.path))).toEqual(file.bytes);
      expect(statSync(path.join(folder, file.path)).mtimeMs).toBe(at * 1000);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a name that fits has the one header that every tar understands", () => {
  const file = { path: `${"folder/".repeat(20)}name`, bytes: Buffer.from("x") };
  expect(paxHeader(file, at)).toEqual(tarHeader(file, at));
});

test("what is said of a long name begins with its own length", () => {
  const names = fc.string({ unit: "grapheme", minLength: 101, maxLength: 1200 }).filter((name) => !/[/\0]/.test(name));
  fc.assert(
    fc.property(names, (name) => {
      const header = paxHeader({ path: name, bytes: Buffer.alloc(0) }, at);
      const size = Number.parseInt(header.toString("latin1", 124, 135), 8);
      expect(header.toString("utf8", tarBlock, tarBlock + size)).toBe(`${size} path=${name}\n`);
      expect(header.length % tarBlock).toBe(0);
    }),
  );
});
