import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Finding, Severity } from "./finding.ts";
import { judgeFindings } from "./judgeFindings.ts";
import { readVex } from "./readVex.ts";

const finding = (severity: Severity): Finding => ({
  id: "GHSA-1",
  aliases: ["CVE-1"],
  name: "a",
  version: "1.0.0",
  purl: "pkg:npm/a@1.0.0",
  severity,
  title: "Bad",
  isShipped: true,
});

const head = {
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://example.test/vex",
  author: "us",
  timestamp: "2026-11-25T00:00:00Z",
  version: 1,
};
const statement = {
  vulnerability: { name: "GHSA-1" },
  products: [{ "@id": "pkg:npm/a@1.0.0" }],
  status: "not_affected",
  justification: "vulnerable_code_not_in_execute_path",
};

function vexOf(document: object): ReturnType<typeof readVex> {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator vex-"));
  try {
    const file = path.join(folder, "vex.json");
    writeFileSync(file, JSON.stringify(document));
    return readVex(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const problemsWith = (severity: Severity, ...statements: readonly object[]): readonly string[] =>
  judgeFindings([finding(severity)], vexOf({ ...head, statements })).problems;

describe("a finding", () => {
  test("of which nothing is said stops the release, however small", () => {
    expect(problemsWith("low")).toEqual(["low GHSA-1 in a 1.0.0 (shipped): Bad; nothing is said of it"]);
  });

  test.each<[string, Severity, object, boolean]>([
    ["that does not affect us", "critical", statement, false],
    ["that is mended", "high", { ...statement, status: "fixed" }, false],
    ["that is looked into", "low", { ...statement, status: "under_investigation" }, true],
    [
      "that affects us and is moderate",
      "moderate",
      { ...statement, status: "affected", action_statement: "Wait" },
      false,
    ],
    ["that affects us and is high", "high", { ...statement, status: "affected", action_statement: "Wait" }, true],
    ["that is named by another of its names", "high", { ...statement, vulnerability: { name: "CVE-1" } }, false],
    ["that is another one", "high", { ...statement, vulnerability: { name: "CVE-2" } }, true],
    ["of whichever version", "high", { ...statement, products: [{ "@id": "pkg:npm/a" }] }, false],
    ["of another version", "high", { ...statement, products: [{ "@id": "pkg:npm/a@1.0.1" }] }, true],
    [
      "of a part of the product",
      "high",
      { ...statement, products: [{ "@id": "pkg:npm/ours", subcomponents: [{ "@id": "pkg:npm/a@1.0.0" }] }] },
      false,
    ],
  ])("%s (%s)", (_what, severity, said, isProblem) => {
    expect(problemsWith(severity, said).length > 0).toBe(isProblem);
  });
});

test("what is no OpenVEX document is refused, with everything that is wrong", () => {
  expect(() =>
    vexOf({ ...head, author: "", statements: [{ status: "fine" }, { ...statement, justification: "trust us" }] }),
  ).toThrow(
    /is no OpenVEX document: it has no `author`; statement 1 names no `vulnerability`; statement 1 has a `status` that is none of .*; statement 1 names no `products`; statement 2 says not_affected and neither justifies nor explains it$/,
  );
});

test("the project's own document can be read", () => {
  expect(() => readVex(path.resolve(import.meta.dirname, "../../../../security/vex.json"))).not.toThrow();
});
