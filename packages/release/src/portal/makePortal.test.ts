import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { artifactOf } from "../artifact.ts";
import { artifactsSoFar, writeManifest } from "../manifest.ts";
import { makeReleaseContext } from "../releaseContext.ts";
import { makePortal } from "./makePortal.ts";

let root: string;

const write = (name: string, text: string): string => {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

const contextOf = () =>
  makeReleaseContext({
    root,
    bundle: path.join(root, "dist"),
    output: path.join(root, "out"),
    env: { SOURCE_DATE_EPOCH: "0" },
    say: () => undefined,
  });

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "claude-orchestrator portal-"));
  write("dist/cli.mjs", "");
  write("package.json", '{ "version": "1.2.3" }');
  write("packages/release/portal/portal.css", "p { margin: 0 }");
  write("changelog/fixed-b.md", "Second\nline\n");
  write("changelog/added-a.md", "First\n");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const page = (): string => readFileSync(path.join(root, "out/index.html"), "utf8");

test("made alone it offers what an earlier part of the release has made, and itself to nobody", async () => {
  const context = contextOf();
  const made = await artifactOf(context, write("out/x.tgz", "x"), { kind: "npm" });
  writeManifest(context, [made]);
  const makeAlone = () => makePortal({ ...context, made: artifactsSoFar(context, []) });
  const [portal] = await makeAlone();
  expect(portal).toMatchObject({ path: "index.html", kind: "portal" });
  expect(page()).toContain("npm install -g ./x.tgz");
  writeManifest(context, [made, ...(portal === undefined ? [] : [portal])]);
  expect(await makeAlone()).toEqual([portal]);
});

test("weaknesses come from the VEX file of the release", async () => {
  const context = contextOf();
  const statement = {
    vulnerability: { name: "CVE-2026-1" },
    status: "not_affected",
    justification: "component_not_present",
    impact_statement: "It is not packed",
  };
  const vex = write("out/x.vex.json", JSON.stringify({ statements: [statement] }));
  const made = [await artifactOf(context, vex, { kind: "sbom" })];
  await makePortal({ ...context, made });
  expect(page()).toMatch(/CVE-2026-1<\/strong>: not affected[\s\S]*component not present: It is not packed/);
});

test("what is new is the version's part of the changelog once it has one, fragments until then", async () => {
  await makePortal(contextOf());
  expect(page()).toMatch(
    /<h3>Added<\/h3>\s*<ul>\s*<li>First<\/li>[\s\S]*<h3>Fixed<\/h3>\s*<ul>\s*<li>Second line<\/li>/,
  );
  write(
    "CHANGELOG.md",
    "# Changelog\n\n## 1.2.3 - 2026-12-01\n\n### Added\n\n- One\n  of two lines\n- Two\n\n## 1.2.2\n\n### Added\n\n- Old\n",
  );
  await makePortal(contextOf());
  expect(page()).toMatch(/<li>One of two lines<\/li>\s*<li>Two<\/li>/);
  expect(page()).not.toMatch(/Old|First/);
});
