/**
 * The one file for machines without a network: unpacked, compared and installed where there is none. With every form in it, for one
 * platform, with `RELEASE_MATRIX=full`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { hasCompiler, makingMs } from "./executableRig.ts";
import { isWholeMatrix, root } from "./support/places.ts";

const shelf = inject("shelf");
const node = path.join(shelf, "nodes/24/bin/node");
const npm = path.join(shelf, "npm/bin/npm-cli.js");
/** Not even a loopback that is up. */
const alone = ["unshare", "-n", ...(process.getuid?.() === 0 ? [] : ["-r"])] as const;
const canBeAlone = spawnSync(alone[0], [...alone.slice(1), "true"]).status === 0;

const isWhole = isWholeMatrix && hasCompiler;
const forms = isWhole ? [] : ["npm", "docs", "portal"].flatMap((form) => ["--only", form]);

let top: string;

beforeAll(() => {
  top = mkdtempSync(path.join(tmpdir(), "orchestrator airgap "));
  made("scripts/release.ts", ["--dry-run", "--no-build", ...forms, "--output", path.join(top, "release")]);
  for (const folder of ["one", "two"]) {
    made("scripts/airgap.ts", ["--release", path.join(top, "release"), "--output", path.join(top, folder)]);
  }
}, makingMs);

afterAll(() => rmSync(top, { recursive: true, force: true, maxRetries: 5 }));

function made(script: string, words: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], {
    cwd: root,
    env: { ...process.env, RELEASE_EXE: "linux-x64", RELEASE_EXE_LEVEL: "3" },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stdout + stderr);
}

const tarOf = (folder: string): string => path.join(top, folder, readdirSync(path.join(top, folder))[0] ?? "");

/** Runs a program where there is no network. */
function apart(cwd: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(alone[0], [...alone.slice(1), ...argv], {
    cwd,
    env: { PATH: `${path.dirname(node)}:/usr/bin:/bin`, HOME: cwd, LANG: "C.UTF-8", ...env },
    encoding: "utf8",
  });
  return { code: status, out: stdout, talk: stderr };
}

test("two packings of one release are the same bytes", () => {
  expect(readFileSync(tarOf("one")).equals(readFileSync(tarOf("two")))).toBe(true);
});

describe.skipIf(!canBeAlone)("in a namespace without a network (skipped where none can be made)", () => {
  test.skipIf(!isWhole)("the installer places the executable from it, and takes it away", () => {
    const home = path.join(top, "another home");
    mkdirSync(home);
    expect(apart(home, ["tar", "-xf", tarOf("one")])).toMatchObject({ code: 0, talk: "" });
    const release = path.join(home, readdirSync(home)[0] ?? "");
    const [prefix, installer] = [path.join(home, "prefix"), ["sh", path.join(release, "install.sh")]];
    expect(apart(home, [...installer, "--from", release, "--prefix", prefix])).toMatchObject({ code: 0 });
    const program = path.join(prefix, "bin/claude-orchestrator");
    expect(apart(home, [program, "verify", release, "--allow-test-key"])).toMatchObject({ code: 0 });
    expect(apart(home, [...installer, "--uninstall", "--prefix", prefix])).toMatchObject({ code: 0 });
    expect(existsSync(program)).toBe(false);
  });

  test("it is unpacked, compared, installed, used and taken away", () => {
    const home = path.join(top, "a home");
    mkdirSync(home);
    expect(apart(home, ["tar", "-xf", tarOf("one")])).toMatchObject({ code: 0, talk: "" });
    const release = path.join(home, readdirSync(home)[0] ?? "");
    expect(apart(release, ["sha256sum", "--check", "--quiet", "SHA256SUMS"])).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(path.join(release, "index.html"), "utf8")).toContain("npm install -g ./claude-orchestrator-");
    const docs = readdirSync(release).find((name) => name.endsWith("-docs.tar.gz")) ?? "";
    const listed = apart(release, ["tar", "-tzf", docs]).out;
    for (const name of ["docs/guide/air-gapped.md", "SECURITY.md", "prices.json"])
      expect(listed).toContain(`/${name}\n`);

    const prefix = path.join(home, "prefix");
    const tarball = path.join(release, readdirSync(release).find((name) => name.endsWith(".tgz")) ?? "");
    const npmWords = [node, npm, "--offline", "--global", "--prefix", prefix];
    expect(apart(home, [...npmWords, "install", tarball])).toMatchObject({ code: 0 });
    const program = path.join(prefix, "bin/claude-orchestrator");
    expect(apart(home, [program, "--version"]).out).toMatch(/^claude-orchestrator \d/);
    expect(apart(release, [program, "verify", ".", "--allow-test-key"])).toMatchObject({ code: 0 });
    writeFileSync(path.join(release, "VERIFY.txt"), "trust me");
    expect(apart(release, [program, "verify", ".", "--allow-test-key"])).toMatchObject({ code: 1 });
    writeFileSync(path.join(home, "fleet.yaml"), "instances:\n  - { name: one, run: [echo, hello] }\n");
    expect(apart(home, [program, "run", "fleet.yaml"]).out).toContain("succeeded");
    expect(apart(home, [...npmWords, "uninstall", "claude-orchestrator"])).toMatchObject({ code: 0 });
    const left = readdirSync(prefix, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
    expect(left.map(({ name }) => name)).toEqual([]);
  });
});
