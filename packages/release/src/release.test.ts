import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { artifactOf } from "./artifact.ts";
import { writeManifest } from "./manifest.ts";
import { release } from "./release.ts";
import { makeReleaseContext } from "./releaseContext.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator release-"));
  mkdirSync(path.join(folder, "dist"));
  writeFileSync(path.join(folder, "dist/cli.mjs"), "");
  writeFileSync(path.join(folder, "package.json"), '{ "version": "1.2.3" }');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const contextOf = (env: Readonly<Record<string, string>>) =>
  makeReleaseContext({
    root: folder,
    bundle: path.join(folder, "dist"),
    output: path.join(folder, "out"),
    env,
    say: () => undefined,
  });

test("a release has the version of its clone and the time it is told", () => {
  expect(contextOf({ SOURCE_DATE_EPOCH: "1700000000" })).toMatchObject({
    version: "1.2.3",
    commit: "unknown",
    sourceDateEpoch: 1_700_000_000,
  });
});

test.each([
  [{}, "There is no commit to take the time of this release from"],
  [
    { SOURCE_DATE_EPOCH: "yesterday" },
    "SOURCE_DATE_EPOCH is `yesterday`, which is no whole number of seconds since 1970",
  ],
])("without a time there is none: %j", (env, sentence) => {
  expect(() => contextOf(env)).toThrow(sentence);
});

test("nothing is released that is not built", () => {
  rmSync(path.join(folder, "dist/cli.mjs"));
  expect(() => contextOf({ SOURCE_DATE_EPOCH: "0" })).toThrow(/There is no program in .*dist/);
});

test("a file is no place for a release, in one sentence", () => {
  writeFileSync(path.join(folder, "out"), "");
  expect(() => contextOf({ SOURCE_DATE_EPOCH: "0" })).toThrow(/out is no folder and cannot be made one$/);
});

test("a form nobody knows is refused", async () => {
  await expect(release(contextOf({ SOURCE_DATE_EPOCH: "0" }), ["floppy"])).rejects.toThrow("There is no form `floppy`");
});

test("the manifest is sorted, keeps what another part of the same release made, and forgets another's", async () => {
  const context = contextOf({ SOURCE_DATE_EPOCH: "0" });
  const made = async (name: string, text: string) => {
    writeFileSync(path.join(context.output, name), text);
    return artifactOf(context, path.join(context.output, name), { kind: "npm" });
  };
  const [b, a] = [await made("b.tgz", "b"), await made("a.tgz", "a")];
  writeManifest(context, [b]);
  const file = writeManifest(context, [a]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    version: "1.2.3",
    commit: "unknown",
    source_date_epoch: 0,
    artifacts: [a, b],
  });
  expect(a).toEqual({
    path: "a.tgz",
    size: 1,
    sha256: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    kind: "npm",
  });
  rmSync(path.join(context.output, "b.tgz"));
  writeManifest(context, [a]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ artifacts: [a] });
  writeManifest({ ...context, version: "1.2.4" }, [a]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ version: "1.2.4", artifacts: [a] });
});
