import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatChecksums } from "../checksums/checksums.ts";
import { pinnedKeys } from "../keys/releaseKeys.ts";
import { makeSigner } from "../testing/signer.ts";
import type { Believed } from "./believe.ts";
import { verifyFile } from "./verifyFile.ts";
import { verifyFolder } from "./verifyFolder.ts";

const signer = makeSigner("a release key");
const believed: Believed = { keys: [signer.key], allowTestKey: false };
const comment = "timestamp:1700000000\tfile:SHA256SUMS";

let folder: string;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "claude orchestrator verify "))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  }
}

/** These files, and what a release writes about them. */
function writeRelease(files: Readonly<Record<string, string>>, sign = signer.sign): void {
  const list = formatChecksums(Object.entries(files).map(([name, text]) => ({ path: name, sha256: sha256(text) })));
  write({ ...files, SHA256SUMS: list, "SHA256SUMS.minisig": sign(list, { comment }) });
}

const files = { "program.tgz": "a program", "deep/other.whl": "another" };

async function findings(more: Partial<Believed> = {}): Promise<readonly string[]> {
  const { findings: found, isVerified } = await verifyFolder(folder, { ...believed, ...more });
  expect(isVerified).toBe(found.every(({ standing }) => standing === "right"));
  return found.map(({ path: name, standing, why }) => `${standing} ${name}${why === undefined ? "" : `: ${why}`}`);
}

describe("the folder of a release", () => {
  test("is verified where all of it is there and as it was signed, and says by whom", async () => {
    writeRelease(files);
    expect(await verifyFolder(folder, believed)).toEqual({
      isVerified: true,
      signer: { keyId: signer.key.id, isTest: false, comment },
      findings: ["SHA256SUMS", "deep/other.whl", "program.tgz"].map((name) => ({ path: name, standing: "right" })),
      notes: [],
    });
  });

  test("names each file that is missing, changed, a link, or nobody's", async () => {
    writeRelease({ ...files, gone: "gone", linked: "linked" });
    rmSync(at("gone"));
    rmSync(at("linked"));
    write({ "program.tgz": "a pragram", "deep/extra": "", elsewhere: "linked" });
    symlinkSync(at("elsewhere"), at("linked"));
    expect(await findings()).toEqual([
      "right SHA256SUMS",
      "right deep/other.whl",
      "missing gone: SHA256SUMS names it",
      "wrong linked: it is a link or a device, and no plain file",
      `wrong program.tgz: its SHA-256 is ${sha256("a pragram")}, not ${sha256("a program")}`,
      "foreign deep/extra: it is not in SHA256SUMS: nobody has signed it",
      "foreign elsewhere: it is not in SHA256SUMS: nobody has signed it",
    ]);
  });

  test("is not looked into where its list is not signed by a key that counts", async () => {
    writeRelease(files);
    const other = makeSigner("somebody else");
    expect(await findings({ keys: [other.key] })).toEqual([
      `wrong SHA256SUMS.minisig: it is signed with a key that is not known here: ${signer.key.id}`,
    ]);
    write({ SHA256SUMS: `${sha256("")}  evil\n` });
    expect(await findings()).toEqual(["wrong SHA256SUMS.minisig: the file is not what was signed"]);
    rmSync(at("SHA256SUMS.minisig"));
    expect(await findings()).toEqual(["missing SHA256SUMS.minisig: without it nothing says whose files these are"]);
    write({ "metadata/timestamp.json": "{}" });
    expect(await findings()).toEqual([
      "missing SHA256SUMS.minisig: this is a folder of updates: `claude-orchestrator update --check --from FOLDER` says whether it is believed",
    ]);
  });

  test("is wrong where the signature for signify is, even if minisign's is right", async () => {
    writeRelease(files);
    write({ "SHA256SUMS.sig": signer.sign("something else", { of: "content" }) });
    expect(await findings()).toEqual(["wrong SHA256SUMS.sig: the file is not what was signed"]);
    const other = makeSigner("another release key");
    write({ "SHA256SUMS.sig": other.sign(readFileSync(at("SHA256SUMS")), { of: "content" }) });
    expect(await findings({ keys: [signer.key, other.key] })).toEqual([
      `wrong SHA256SUMS.sig: it is signed with a key that is not known here: ${other.key.id}`,
    ]);
  });

  test("is wrong where its manifest says other than its list", async () => {
    const artifact = { path: "program.tgz", sha256: sha256("a program") };
    const manifest = (more: object): string => JSON.stringify({ artifacts: [artifact, more] });
    writeRelease({ ...files, "manifest.json": manifest({ path: "deep/other.whl", sha256: sha256("another") }) });
    expect((await verifyFolder(folder, believed)).isVerified).toBe(true);
    writeRelease({ ...files, "manifest.json": manifest({ path: "third", sha256: sha256("another") }) });
    expect(await findings()).toContain(
      "wrong manifest.json: it names third with another content than SHA256SUMS, or one that is not in there",
    );
    writeRelease({ ...files, "manifest.json": "[]" });
    expect(await findings()).toContain("wrong manifest.json: it is no manifest of a release");
  });

  test("counts as nothing where the test key has signed it, unless that is asked for", async () => {
    writeRelease(files);
    const keys = [{ ...signer.key, isTest: true }];
    expect(await findings({ keys })).toEqual(["wrong SHA256SUMS.minisig: it is signed with a test key: not a release"]);
    expect(await verifyFolder(folder, { keys, allowTestKey: true })).toMatchObject({
      isVerified: true,
      signer: { isTest: true },
    });
  });
});

describe("a key that counts for a time", () => {
  const valid = (more: object): Partial<Believed> => ({ keys: [{ ...signer.key, ...more }] });

  test("is believed of what was signed then, and of nothing later or earlier", async () => {
    writeRelease(files);
    const list = readFileSync(at("SHA256SUMS"));
    write({ "SHA256SUMS.sig": signer.sign(list, { of: "content" }) });
    expect(await findings(valid({ from: 1_699_999_999, until: 1_700_000_001 }))).toHaveLength(3);
    expect(await findings(valid({ from: 1_700_000_001 }))).toEqual([
      `wrong SHA256SUMS.minisig: it says that it is of a day before key ${signer.key.id} was in use`,
    ]);
    expect(await findings(valid({ until: 1_700_000_000 }))).toEqual([
      `wrong SHA256SUMS.minisig: it is of a day after key ${signer.key.id} was put out of use`,
    ]);
  });

  test("is not believed of what says no date", async () => {
    writeRelease(files, (content) => signer.sign(content, { comment: "of some day" }));
    expect(await findings(valid({ until: 1_800_000_000 }))).toEqual([
      `wrong SHA256SUMS.minisig: it says no date, and key ${signer.key.id} counts for a time only`,
    ]);
  });
});

describe("one file", () => {
  test("is verified by its own signature, or by the list beside it", async () => {
    writeRelease(files);
    write({ own: "its own", "own.minisig": signer.sign("its own", { comment: "timestamp:1\tfile:own" }) });
    expect(await verifyFile(at("program.tgz"), believed)).toMatchObject({ isVerified: true });
    expect(await verifyFile(at("own"), believed)).toMatchObject({ isVerified: true });
    expect(await verifyFile(at("SHA256SUMS"), believed)).toMatchObject({ isVerified: true });
  });

  test("is not, where it was changed, is in no list, or nothing is beside it", async () => {
    writeRelease({ "program.tgz": "a program" });
    write({ "program.tgz": "a pragram", extra: "", "alone/file": "" });
    const standing = async (name: string) => {
      const { isVerified, findings: found } = await verifyFile(at(name), believed);
      return [isVerified, found.map((each) => `${each.standing} ${each.path}`)];
    };
    expect(await standing("program.tgz")).toEqual([false, ["wrong program.tgz"]]);
    expect(await standing("extra")).toEqual([false, ["foreign extra"]]);
    expect(await standing("alone/file")).toEqual([false, ["foreign file"]]);
    write({ "program.tgz.minisig": "nonsense" });
    expect(await standing("program.tgz")).toEqual([false, ["wrong program.tgz"]]);
  });
});

test("of the keys this program believes exactly one is for tests", () => {
  expect(pinnedKeys().filter(({ isTest }) => isTest)).toHaveLength(1);
});
