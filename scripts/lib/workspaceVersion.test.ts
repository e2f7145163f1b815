import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "./command.ts";
import { setWorkspaceVersion, workspaceVersion } from "./workspaceVersion.ts";

const files = [
  "package.json",
  "package-lock.json",
  ...readdirSync(path.join(root, "packages")).map((name) => `packages/${name}/package.json`),
];
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), "orchestrator version "));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(clone, file));
  }
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

const texts = (): readonly string[] => files.map((file) => readFileSync(path.join(clone, file), "utf8"));

test("the version is written wherever it stands, and nothing else is touched", () => {
  const before = texts();
  setWorkspaceVersion(clone, "987.6.5");
  expect(workspaceVersion(clone)).toBe("987.6.5");
  const version = workspaceVersion(root);
  const changed = before.map((text) =>
    text
      .replace(`  "version": "${version}"`, '  "version": "987.6.5"')
      .replaceAll(new RegExp(`("@claude-orchestrator/[a-z]+": )"${version}"`, "g"), '$1"987.6.5"')
      .replaceAll(
        new RegExp(`("(?:packages/[a-z]+)?": \\{\\n(?:      "name": .*\\n)?      "version": )"${version}"`, "g"),
        '$1"987.6.5"',
      ),
  );
  expect(texts()).toEqual(changed);
});

test.each(["0.0.1", "1", "v99.0.0", "99.0.0-rc", "99.0", ""])("%j is refused, and nothing is written", (version) => {
  const before = texts();
  expect(() => setWorkspaceVersion(clone, version)).toThrow(`\`${version}\` is no version that may follow`);
  expect(texts()).toEqual(before);
});

test("a channel comes before its version, and after the one before it", () => {
  for (const version of ["98.0.0-beta.1", "98.0.0-beta.2", "98.0.0-nightly.1", "98.0.0", "98.0.1"]) {
    setWorkspaceVersion(clone, version);
  }
  expect(() => setWorkspaceVersion(clone, "98.0.1-beta.1")).toThrow("may follow 98.0.1");
});
