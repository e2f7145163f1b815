/** What the release workflow puts into a draft, file by file as its own lines say, is a whole release to whoever downloads it. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeReleaseContext, release, signFolder } from "@claude-orchestrator/release";
import { pinnedKeys, verifyFolder } from "@claude-orchestrator/update";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "./lib/command.ts";

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const top = mkdtempSync(path.join(tmpdir(), "orchestrator draft "));
const { jobs } = parse(readFileSync(path.join(root, ".github/workflows/release.yml"), "utf8")) as Workflow;

afterAll(() => rmSync(top, { recursive: true, force: true }));

function lineOf(job: string, pattern: RegExp): string {
  const found = (jobs[job]?.steps ?? []).flatMap(({ run = "" }) => (pattern.test(run) ? [run] : []));
  if (found.length !== 1) throw new Error(`${job} has ${found.length} lines ${pattern}`);
  return found[0] ?? "";
}

/** A release in `release/` of all forms that need no program, beside an archive that is none; as the workflow's line asks for it. */
async function makeRelease(): Promise<void> {
  const [bundle, output] = [path.join(top, "bundle"), path.join(top, "release")];
  for (const each of [bundle, output]) mkdirSync(each);
  writeFileSync(path.join(bundle, "cli.mjs"), "");
  const say = (): void => undefined;
  const context = makeReleaseContext({ root, bundle, output, env: { SOURCE_DATE_EPOCH: "1700000000" }, say });
  const name = `claude-orchestrator-${context.version}-linux-x64.tar.gz`;
  writeFileSync(path.join(output, name), "an archive");
  const sha256 = createHash("sha256").update("an archive").digest("hex");
  const archive = { path: name, size: 10, sha256, kind: "archive", platform: "linux-x64" };
  const { version, commit, sourceDateEpoch } = context;
  const manifest = { version, commit, source_date_epoch: sourceDateEpoch, artifacts: [archive] };
  writeFileSync(path.join(output, "manifest.json"), JSON.stringify(manifest));
  const isForUpload = lineOf("build", /^npm run release /)
    .split(" ")
    .includes("--for-upload");
  await release(context, ["installers", "managers", "tuf", "docs", "portal"], { isForUpload });
  await signFolder(output, { env: {}, say, allowTestKey: true });
}

/** What GitHub's action leaves of each line of the list, in the place where the workflow downloads it to. */
function attest(): void {
  mkdirSync(path.join(top, "provenance"));
  const lines = readFileSync(path.join(top, "release/SHA256SUMS"), "utf8").trimEnd().split("\n");
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: lines.map((line) => ({ name: line.slice(66), digest: { sha256: line.slice(0, 64) } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {},
  };
  const payload = Buffer.from(JSON.stringify(statement)).toString("base64");
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { certificate: { rawBytes: "AA==" } },
    dsseEnvelope: { payload, payloadType: "application/vnd.in-toto+json", signatures: [{ sig: "AA==" }] },
  };
  writeFileSync(path.join(top, "provenance/attestation.json"), `${JSON.stringify(bundle)}\n`);
}

/** Runs the workflow's own line; what it hands to `gh release upload` lies in one folder then, as after `gh release download`. */
function upload(): string {
  const [tools, drafted] = [path.join(top, "tools"), path.join(top, "drafted")];
  for (const each of [tools, drafted]) mkdirSync(each);
  const gh = path.join(tools, "gh");
  writeFileSync(gh, '#!/bin/sh\n[ "$1 $2 $3" = "release upload v1.2.3" ] || exit 9\nshift 3\ncp "$@" "$DRAFT"\n');
  chmodSync(gh, 0o755);
  const { status, stderr } = spawnSync("sh", ["-c", lineOf("draft", /gh release upload/)], {
    cwd: top,
    encoding: "utf8",
    env: { PATH: `${tools}:/usr/bin:/bin`, TAG: "v1.2.3", DRAFT: drafted },
  });
  expect([status, stderr]).toEqual([0, ""]);
  return drafted;
}

test("what is downloaded from the draft is verified whole, and nothing but the attestation was added", async () => {
  await makeRelease();
  attest();
  const drafted = upload();
  const names = readdirSync(path.join(top, "release"), { recursive: true, encoding: "utf8" });
  expect(readdirSync(drafted).toSorted()).toEqual([...names, "attestation.json"].toSorted());
  expect(names.filter((name) => /updates|managers/.test(name))).toEqual([
    expect.stringMatching(/^claude-orchestrator-.*-managers\.tar\.gz$/),
  ]);
  const believed = { keys: pinnedKeys(), allowTestKey: true };
  const { findings } = await verifyFolder(drafted, believed);
  expect(findings.filter(({ standing }) => standing !== "right").map((each) => each.path)).toEqual([
    "attestation.json",
  ]);
  rmSync(path.join(drafted, "attestation.json"));
  expect((await verifyFolder(drafted, believed)).isVerified).toBe(true);
});
