import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runTool } from "./lib/command.ts";

const top = mkdtempSync(path.join(tmpdir(), "orchestrator releases "));
/** Of the word "same". */
const hash = "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5";

afterAll(() => rmSync(top, { recursive: true, force: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const made = path.join(top, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(made, file)), { recursive: true });
    writeFileSync(path.join(made, file), text);
  }
  return made;
}

async function compare(...words: readonly string[]): Promise<readonly [number, string]> {
  const { code, output } = await runTool("node", ["scripts/compareReleases.ts", ...words]);
  return [code, output];
}

test("two folders with the same bytes are the same", async () => {
  const [first, second] = ["a", "b"].map((name) => folder(name, { "one.tgz": "same", "in/two": "same" }));
  expect(await compare(first ?? "", second ?? "")).toEqual([0, "2 files are the same, byte for byte\n"]);
});

test("what differs and what is missing is named, and is a failure", async () => {
  const first = folder("c", { changed: "same", gone: "1", kept: "2" });
  const second = folder("d", { changed: "other", more: "3", kept: "2" });
  const [code, output] = await compare(first, second);
  expect(code).toBe(1);
  expect(output).toMatch(
    new RegExp(
      `^changed differs: ${hash} and [0-9a-f]{64}\ngone is only in the first\nmore is only in the second\n3 of 3 files`,
    ),
  );
});

test("of what was published, everything that its sums name is asked for, and no signature", async () => {
  const published = folder("e", { SHA256SUMS: `${hash}  one.tgz\n`, "SHA256SUMS.minisig": "theirs" });
  const rebuilt = folder("f", { "one.tgz": "same", "SHA256SUMS.minisig": "ours" });
  expect(await compare(published, rebuilt, "--published")).toEqual([0, "1 files are the same, byte for byte\n"]);
  rmSync(path.join(rebuilt, "one.tgz"));
  expect((await compare(published, rebuilt, "--published"))[0]).toBe(1);
});

test("a folder that is not there, and empty ones, are no proof", async () => {
  const empty = folder("g", { "in/x": "" });
  rmSync(path.join(empty, "in"), { recursive: true });
  expect((await compare(empty, empty))[0]).toBe(1);
  expect((await compare(empty, path.join(top, "nowhere")))[0]).toBe(2);
  expect((await compare(empty, empty, "--published"))[0]).toBe(2);
});
