import { generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { artifactOf, type Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { channelOf, makeUpdates } from "./makeUpdates.ts";
import { addSignatures, writeRoot } from "./repository.ts";
import { readBelievedKeys, readSigningKeys, testSigningKeys } from "./roleKeys.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator updates-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A release with one executable. */
async function contextOf(version: string): Promise<ReleaseContext & { readonly said: string[] }> {
  const output = path.join(folder, `out-${version}`);
  mkdirSync(output);
  const said: string[] = [];
  const file = path.join(output, `claude-orchestrator-${version}-linux-x64`);
  writeFileSync(file, `the program ${version}`);
  chmodSync(file, 0o755);
  const made = [await artifactOf({ output }, file, { kind: "executable", platform: "linux-x64" })];
  const say = (line: string): void => void said.push(line);
  return {
    version,
    commit: "c",
    sourceDateEpoch: 1_700_000_000,
    root: folder,
    bundle: folder,
    output,
    made,
    say,
    said,
  };
}

const names = (artifacts: readonly Artifact[]): readonly string[] =>
  artifacts.map((each) => path.basename(each.path).replace(/^[0-9a-f]{64}\./, ""));

test("the repository is metadata and executables, the same bytes each time, and says when test keys have signed it", async () => {
  const context = await contextOf("1.0.0");
  const first = await makeUpdates(context, {});
  expect(names(first)).toEqual([
    "1.root.json",
    "1.snapshot.json",
    "1.targets.json",
    "timestamp.json",
    "claude-orchestrator-1.0.0-linux-x64",
  ]);
  expect(await makeUpdates(context, {})).toEqual(first);
  expect(context.said[0]).toContain("signed with test keys, which no release believes");
});

test("a release goes on from what is published, and offers that on", async () => {
  const first = await contextOf("1.0.0");
  await makeUpdates(first, {});
  const published = path.join(first.output, "updates");
  const second = await contextOf("1.1.0-beta.1");
  const made = await makeUpdates(second, { RELEASE_TUF_REPOSITORY: published, RELEASE_MIN_FROM: "1.0.0" });
  expect(names(made)).toContain("2.targets.json");
  const file = path.join(second.output, "updates/metadata/2.targets.json");
  const { signed } = JSON.parse(readFileSync(file, "utf8")) as { readonly signed: { readonly targets: object } };
  expect(Object.entries(signed.targets).map(([name, { custom }]) => [name, custom])).toEqual([
    ["claude-orchestrator-1.0.0-linux-x64", { version: "1.0.0", channel: "stable", platform: "linux-x64" }],
    [
      "claude-orchestrator-1.1.0-beta.1-linux-x64",
      { version: "1.1.0-beta.1", channel: "beta", platform: "linux-x64", min_from: "1.0.0" },
    ],
  ]);
});

test("without an executable there is nothing to offer, and that is said", async () => {
  const context = { ...(await contextOf("1.0.0")), made: [] };
  expect(await makeUpdates(context, {})).toEqual([]);
  expect(context.said).toEqual(["updates: skipped, there is no executable to offer (`--only exe` makes them)"]);
});

test("keys of a release that cannot sign a root ask for the published repository", async () => {
  await expect(makeUpdates(await contextOf("1.0.0"), { RELEASE_TUF_KEYS: folder })).rejects.toThrow(
    "There is no root of trust to go on from",
  );
});

test("a root is signed by one keeper after the other, of whom none has another's key", () => {
  const keepers = ["a", "b"].map((name) => path.join(folder, name));
  const write = (keeper: string, name: string, isOwn: boolean): void => {
    mkdirSync(keeper, { recursive: true });
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    if (isOwn) writeFileSync(path.join(keeper, `${name}.pem`), privateKey.export({ format: "pem", type: "pkcs8" }));
    else writeFileSync(path.join(keeper, `${name}.pub`), publicKey.export({ format: "pem", type: "spki" }));
  };
  const [a = "", b = ""] = keepers;
  for (const name of ["root-1", "targets-1", "targets-2", "snapshot-1", "timestamp-1"]) write(a, name, true);
  for (const name of ["root-2", "root-3"]) write(a, name, false);
  write(b, "root-2", true);
  const signing = { at: 1, keys: readSigningKeys(a), believed: readBelievedKeys(a) };
  const file = writeRoot(path.join(folder, "repository"), signing);
  expect(addSignatures(file, [])).toBe(1);
  expect(addSignatures(file, readSigningKeys(b).root)).toBe(2);
  expect(addSignatures(file, readSigningKeys(b).root)).toBe(2);
});

test("a root that is to believe a key nobody has given is not written", () => {
  expect(() => readBelievedKeys(folder)).toThrow("has neither root-1.pub nor root-1.pem");
  writeFileSync(path.join(folder, "root-1.pem"), "no key");
  expect(() => readSigningKeys(folder)).toThrow("no Ed25519 key in PEM can be read from it");
  expect(existsSync(path.join(folder, "metadata"))).toBe(false);
  expect(readdirSync(folder)).toEqual(["root-1.pem"]);
});

test.each([
  ["1.2.3", "stable"],
  ["1.2.3-beta.1", "beta"],
  ["1.2.3-rc.1", "beta"],
  ["1.2.3-nightly.20261125", "nightly"],
] as const)("%s is offered in channel %s", (version, channel) => {
  expect(channelOf(version)).toBe(channel);
});

test("each test key is another", () => {
  const keys = Object.values(testSigningKeys()).flat();
  expect(new Set(keys.map(({ id }) => id)).size).toBe(keys.length);
});
