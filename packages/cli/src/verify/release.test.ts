import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  signed,
  targetsContent,
  testKey,
  writeRoot,
  writeSnapshot,
  writeTimestamp,
} from "@claude-orchestrator/release";
import { pinnedKeys, verifyFolder } from "@claude-orchestrator/update";
import { describe, expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import { makeSignedFolder, sha256, signAgain } from "../testing/signedFolder.ts";
import { makeTestRepository, now } from "../testing/updateRepository.ts";
import { verifyPath } from "./verifyPath.ts";

/* A release as it is published: its updates, and what was laid beside it after it was signed. */

const program = "claude-orchestrator-7.1.0-linux-x64";
const offer = { version: "7.1.0", bytes: "the program" };
const files = { [program]: "the program", "notes.md": "what is new" };

interface Looked {
  readonly code: number;
  readonly out: string;
}

async function look(folder: string, env: Readonly<Record<string, string>> = {}, json = false): Promise<Looked> {
  const io = capturedIo({ env, cwd: folder });
  const code = await verifyPath(["."], { key: [], "allow-test-key": true, json }, io);
  return { code, out: io.printed() };
}

describe("the updates in a release", () => {
  test("are read as an update reads them, and said in one line", async () => {
    using repository = makeTestRepository([offer]);
    writeTimestamp(repository.folder, repository.signing);
    using folder = await makeSignedFolder(files, repository.folder);
    const { code, out } = await look(folder.path);
    expect(code).toBe(0);
    expect(out).toContain(
      "updates: root 1, timestamp 2, snapshot 1, targets 1 are signed by the keys of its own first root, for which only SHA256SUMS speaks; 1 file offered\n",
    );
    const { out: json } = await look(folder.path, {}, true);
    expect(JSON.parse(json)).toMatchObject({ verified: true, notes: [{ warning: false }] });
  });

  test("are believed by the root a person names, along the chain from it, and by no other", async () => {
    using repository = makeTestRepository([offer]);
    writeRoot(repository.folder, repository.signing, repository.signing.keys.root);
    using folder = await makeSignedFolder(files, repository.folder);
    const root = join(repository.scratch, "root.json");
    writeFileSync(root, repository.root);
    const env = { CLAUDE_ORCHESTRATOR_UPDATE_ROOT: root };
    expect(await look(folder.path, env)).toEqual({
      code: 0,
      out: expect.stringContaining(
        "root 2, timestamp 1, snapshot 1, targets 1 are signed by the keys of the root that is believed here",
      ),
    });
    const keys = {
      ...repository.signing.keys,
      root: [testKey("a"), testKey("b"), testKey("c")],
      timestamp: [testKey("d")],
    };
    using stranger = makeTestRepository([offer], { keys });
    writeFileSync(root, stranger.root);
    expect(await look(folder.path, env)).toEqual({
      code: 1,
      out: expect.stringContaining(
        "wrong    updates: no update would be taken from it: it is not signed by the keys that this program believes",
      ),
    });
  });

  test("are believed by the pinned root; those from before it by their own, which is said", async () => {
    using repository = makeTestRepository([offer]);
    using folder = await makeSignedFolder(files, repository.folder);
    const keys = pinnedKeys().map((key) => ({ ...key, isTest: false }));
    const notes = async (pinnedUpdateRoot: string): Promise<string> => {
      const found = await verifyFolder(folder.path, { keys, allowTestKey: false, pinnedUpdateRoot });
      return [...found.findings.map(({ why = "" }) => why), ...found.notes.map(({ text }) => text)].join("");
    };
    expect(await notes(repository.root)).toContain("by the keys of the root that is believed here");
    const other = { ...repository.signing.keys, timestamp: [testKey("another")] };
    using stranger = makeTestRepository([offer], { keys: other });
    expect(await notes(stranger.root)).toContain("it is not signed by the keys that this program believes");
    const next = readFileSync(writeRoot(stranger.folder, stranger.signing), "utf8");
    expect(await notes(next)).toContain("by the keys of its own first root, for which only SHA256SUMS speaks");
  });

  test("that have expired are what was signed, with a warning that nobody updates from them", async () => {
    using repository = makeTestRepository([offer], { at: now() - 400 * 86_400 });
    using folder = await makeSignedFolder(files, repository.folder);
    const { code, out } = await look(folder.path);
    expect(code).toBe(0);
    for (const role of ["root", "timestamp", "snapshot", "targets"]) {
      expect(out).toMatch(new RegExp(`^updates: the ${role} has expired on \\d{4}-\\d\\d-\\d\\d: `, "m"));
    }
  });

  test.each<[string, (metadata: string) => void, string]>([
    [
      "whose timestamp nobody of the root's has signed",
      (metadata) => {
        const { signed: content } = JSON.parse(readFileSync(join(metadata, "timestamp.json"), "utf8")) as {
          signed: Record<string, unknown>;
        };
        writeFileSync(join(metadata, "timestamp.json"), signed(content, [testKey("a stranger")]));
      },
      "it is not signed by the keys that this program believes",
    ],
    [
      "whose root has one signature where two are needed",
      (metadata) => {
        const root = JSON.parse(readFileSync(join(metadata, "1.root.json"), "utf8")) as { signatures: unknown[] };
        writeFileSync(
          join(metadata, "1.root.json"),
          JSON.stringify({ ...root, signatures: root.signatures.slice(1, 2) }),
        );
      },
      "it is not signed by the keys that this program believes",
    ],
    [
      "whose snapshot was altered",
      (metadata) => {
        const file = join(metadata, "1.snapshot.json");
        writeFileSync(file, readFileSync(file, "utf8").replace("\n", " "));
      },
      "its parts do not belong together",
    ],
    ["without a timestamp", (metadata) => rmSync(join(metadata, "timestamp.json")), "timestamp.json is not there"],
    [
      "without its first root",
      (metadata) => rmSync(join(metadata, "1.root.json")),
      "missing  updates/metadata/1.root.json",
    ],
    [
      "that are no metadata",
      (metadata) => writeFileSync(join(metadata, "1.root.json"), "{}"),
      "wrong    updates: no update would be taken from it: ",
    ],
  ])("%s are wrong, even where the release key has signed their hashes", async (_title, alter, words) => {
    using repository = makeTestRepository([offer]);
    using folder = await makeSignedFolder(files, repository.folder);
    alter(join(folder.path, "updates/metadata"));
    await signAgain(folder.path);
    const { code, out } = await look(folder.path);
    expect([code, out]).toEqual([1, expect.stringContaining(words)]);
  });

  test("offer a file that is not there, or another than the one of that name beside them: that is wrong", async () => {
    using repository = makeTestRepository([offer]);
    using folder = await makeSignedFolder({ ...files, [program]: "another program" }, repository.folder);
    expect(await look(folder.path)).toEqual({
      code: 1,
      out: expect.stringContaining(`wrong    ${program}: another file of this name is offered as an update`),
    });
    const target = { path: program, length: 3, sha256: sha256("new"), custom: {} };
    const life = { version: 2, expires: now() + 1000 };
    const bytes = signed(targetsContent(life, [target]), repository.signing.keys.targets);
    writeFileSync(join(folder.path, "updates/metadata/2.targets.json"), bytes);
    writeSnapshot(join(folder.path, "updates"), repository.signing);
    await signAgain(folder.path);
    expect(await look(folder.path)).toEqual({
      code: 1,
      out: expect.stringContaining(`missing  updates/targets/${sha256("new")}.${program}: it is offered as an update`),
    });
  });
});

describe("an attestation that was laid beside a release", () => {
  const bundleOf = (subject: readonly { readonly name: string; readonly digest: object }[]): string => {
    const statement = { _type: "https://in-toto.io/Statement/v1", subject, predicateType: "p", predicate: {} };
    const payload = Buffer.from(JSON.stringify(statement)).toString("base64");
    return JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: {},
      dsseEnvelope: { payload, payloadType: "application/vnd.in-toto+json", signatures: [{ sig: "c2ln" }] },
    });
  };
  const subjectOf = (name: string, text: string) => ({ name, digest: { sha256: sha256(text) } });

  async function lookWith(beside: Readonly<Record<string, string>>): Promise<Looked> {
    using repository = makeTestRepository([offer]);
    using folder = await makeSignedFolder(files, repository.folder);
    for (const [name, text] of Object.entries(beside)) writeFileSync(join(folder.path, name), text);
    return await look(folder.path);
  }

  test("is unproved where it says of files what the list says, with the command that proves it", async () => {
    const { code, out } = await lookWith({
      "attestation.json": bundleOf([subjectOf(program, "the program"), subjectOf("notes.md", "what is new")]),
    });
    expect(code).toBe(0);
    expect(out).toContain(
      "unproved attestation.json: an attestation, and 2 files here have the SHA-256 it names; by whom it is signed cannot be told offline",
    );
    expect(out).toContain("`gh attestation verify FILE --bundle attestation.json --repo OWNER/NAME`");
    expect(out).toMatch(/ is verified: \d+ files, and 1 attestation still to be checked\n$/);
  });

  test("is unproved as the signature of one file too, under that file's name", async () => {
    const digest = Buffer.from(sha256("what is new"), "hex").toString("base64");
    const bundle = JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: {},
      messageSignature: { messageDigest: { algorithm: "SHA2_256", digest }, signature: "c2ln" },
    });
    const right = await lookWith({ "notes.md.sigstore.json": bundle });
    expect(right).toEqual({
      code: 0,
      out: expect.stringContaining("`cosign verify-blob FILE --bundle notes.md.sigstore.json "),
    });
    const wrong = await lookWith({ [`${program}.sigstore.json`]: bundle });
    expect(wrong).toEqual({ code: 1, out: expect.stringContaining(`it says that the SHA-256 of ${program} is`) });
  });

  test.each([
    ["names another content", bundleOf([subjectOf(program, "a program")]), `it says that the SHA-256 of ${program} is`],
    [
      "speaks of one file of the release and one of nobody's",
      bundleOf([subjectOf(program, "the program"), subjectOf("more", "more")]),
      "it speaks of more, which is not here",
    ],
    ["is none", "{}", "it is named as an attestation and it is no sigstore bundle"],
  ])("is wrong where it %s", async (_title, bundle, words) => {
    expect(await lookWith({ "attestation.json": bundle })).toEqual({
      code: 1,
      out: expect.stringContaining(`wrong    attestation.json: ${words}`),
    });
  });

  test("lets nothing else pass beside it", async () => {
    const { code, out } = await lookWith({
      "attestation.json": bundleOf([subjectOf("notes.md", "what is new")]),
      "extra.json": "{}",
    });
    expect(code).toBe(1);
    expect(out).toContain("foreign  extra.json: it is not in SHA256SUMS: nobody has signed it\n");
  });
});
