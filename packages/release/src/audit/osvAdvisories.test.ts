import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { osvAnswer } from "./osvAdvisories.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator advisories-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(id: string, advisory: object): void {
  mkdirSync(path.join(folder, "2026", id), { recursive: true });
  writeFileSync(
    path.join(folder, "2026", id, `${id}.json`),
    JSON.stringify({ id, modified: "2026-11-20T00:00:00Z", ...advisory }),
  );
}

const asked = (version: string) => [{ name: "a", version, purl: `pkg:npm/a@${version}`, isShipped: true }];
const of = (name: string, events: readonly object[]) => ({
  affected: [{ package: { ecosystem: "npm", name }, ranges: [{ type: "SEMVER", events }] }],
});
const idsFor = (version: string): readonly string[] => osvAnswer(folder, asked(version)).findings.map(({ id }) => id);

test("a version within what was introduced and not yet fixed is found, and no other", () => {
  write(
    "GHSA-1",
    of("a", [{ introduced: "1.2.0" }, { fixed: "1.4.0" }, { introduced: "2.0.0" }, { last_affected: "2.1.0" }]),
  );
  const found = ["1.1.9", "1.2.0", "1.3.9", "1.4.0-rc.1", "1.4.0", "1.9.0", "2.0.0", "2.1.0", "2.1.1"].filter(
    (version) => idsFor(version).length > 0,
  );
  expect(found).toEqual(["1.2.0", "1.3.9", "1.4.0-rc.1", "2.0.0", "2.1.0"]);
});

test("so is one that is listed by name, and every one where no version is named", () => {
  write("GHSA-1", { affected: [{ package: { ecosystem: "npm", name: "a" }, versions: ["1.0.0"] }] });
  write("MAL-1", { affected: [{ package: { ecosystem: "npm", name: "a" } }] });
  expect(idsFor("1.0.0")).toEqual(["GHSA-1", "MAL-1"]);
  expect(idsFor("1.0.1")).toEqual(["MAL-1"]);
});

test("what was withdrawn, is of another package, or of another registry is not", () => {
  write("GHSA-1", { withdrawn: "2026-11-01T00:00:00Z", ...of("a", [{ introduced: "0" }]) });
  write("GHSA-2", of("b", [{ introduced: "0" }]));
  write("GHSA-3", { affected: [{ package: { ecosystem: "PyPI", name: "a" } }] });
  expect(idsFor("1.0.0")).toEqual([]);
});

test("the answer says how bad it is, and counts what nobody has rated as high", () => {
  write("GHSA-1", {
    ...of("a", [{ introduced: "0" }]),
    aliases: ["CVE-1"],
    summary: "Bad",
    database_specific: { severity: "MODERATE" },
  });
  write("GHSA-2", of("a", [{ introduced: "0" }]));
  const { findings, notes } = osvAnswer(folder, asked("1.0.0"));
  expect(findings).toEqual([
    { ...asked("1.0.0")[0], id: "GHSA-1", aliases: ["CVE-1"], severity: "moderate", title: "Bad" },
    { ...asked("1.0.0")[0], id: "GHSA-2", aliases: [], severity: "high", title: "" },
  ]);
  expect(notes).toEqual([`1 packages held against 2 advisories in ${folder}, the newest of 2026-11-20`]);
});

test("an empty folder, none, and a file that is none are mistakes: nothing was asked", () => {
  expect(() => osvAnswer(folder, asked("1.0.0"))).toThrow(`${folder} has no advisories`);
  expect(() => osvAnswer(path.join(folder, "none"), asked("1.0.0"))).toThrow("cannot be read");
  writeFileSync(path.join(folder, "a.json"), "{}");
  expect(() => osvAnswer(folder, asked("1.0.0"))).toThrow("is no advisory in the OSV format");
});
