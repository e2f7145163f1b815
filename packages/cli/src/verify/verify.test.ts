import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import { answerOf } from "../testing/answerOf.ts";
import { makeFolder } from "../testing/folder.ts";
import { unreadable } from "./unreadable.ts";
import { verifyPath, type VerifyFlags } from "./verifyPath.ts";

// Made with `minisign -G -W` and `minisign -S -t 'timestamp:1700000000\tfile:SHA256SUMS'`.
const publicKey = "RWT/D6NdAnZYBECkSL9Za0X1sDfafJqqPIC9QNsRGG/EjayimHQAvxgD";
const signature = `untrusted comment: signature from minisign secret key
RUT/D6NdAnZYBGTAYSKkcS4TSHTcuJkOsLViul4spdHwtErZxE56sEIlZE9zl2uusZACEEDQpUavQhVHyHdfdlC7hGNY712hJQo=
trusted comment: timestamp:1700000000\tfile:SHA256SUMS
hCCLPq8vXYGYABVFtoGtGoEL4h0vJ1LMZ3jSym1Ng3GBBJ82i85/1o83+tY+ToWwdsuBaGGcI5Zi00cY9zkrDQ==
`;
const list = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  hello.txt\n";
const release = { "hello.txt": "hello", SHA256SUMS: list, "SHA256SUMS.minisig": signature };
const flags: VerifyFlags = { key: [publicKey], "allow-test-key": false, json: false };

test("a release that minisign signed is verified, in words and in JSON", async () => {
  using folder = makeFolder(release);
  const spoken = await answerOf((io) => verifyPath(["."], flags, io), folder.path);
  expect(spoken).toEqual({
    code: 0,
    out: "right    SHA256SUMS\nright    hello.txt\nsigned with key 045876025DA30FFF (2023-11-14T22:13:20.000Z, file:SHA256SUMS)\n. is verified: 2 files\n",
    talk: "",
  });
  const { out } = await answerOf((io) => verifyPath(["hello.txt"], { ...flags, json: true }, io), folder.path);
  expect(JSON.parse(out)).toEqual({
    verified: true,
    signer: { key: "045876025DA30FFF", test_key: false, comment: "timestamp:1700000000\tfile:SHA256SUMS" },
    files: [{ path: "hello.txt", standing: "right" }],
  });
});

test("whatever is not right is named, counted, and exit code 1", async () => {
  using folder = makeFolder({ ...release, "hello.txt": "hallo", extra: "" });
  const { code, out } = await answerOf((io) => verifyPath(["."], flags, io), folder.path);
  expect(code).toBe(1);
  expect(out).toContain("wrong    hello.txt: its SHA-256 is");
  expect(out).toContain("foreign  extra: it is not in SHA256SUMS: nobody has signed it");
  expect(out).toContain(". is not verified: 1 wrong, 1 foreign\n");
});

test("without --key only the keys of this program count", async () => {
  using folder = makeFolder(release);
  const { code, out } = await answerOf((io) => verifyPath(["."], { ...flags, key: [] }, io), folder.path);
  expect(code).toBe(1);
  expect(out).toContain("it is signed with a key that is not known here: 045876025DA30FFF");
});

test("a key may stand in a file, and what is none is said", async () => {
  using folder = makeFolder(release);
  writeFileSync(join(folder.path, "our key.pub"), `untrusted comment: ours\n${publicKey}\n`);
  const { code } = await answerOf(
    (io) => verifyPath(["hello.txt"], { ...flags, key: ["our key.pub"] }, io),
    folder.path,
  );
  expect(code).toBe(0);
  const refused = answerOf((io) => verifyPath(["."], { ...flags, key: ["nobody.pub"] }, io), folder.path);
  await expect(refused).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("`--key nobody.pub`"),
  });
});

test("a link that the person names is followed, to what lies beside its target", async () => {
  using folder = makeFolder(release);
  using elsewhere = makeFolder({});
  symlinkSync(join(folder.path, "hello.txt"), join(elsewhere.path, "latest"));
  const { code, out } = await answerOf((io) => verifyPath(["latest"], flags, io), elsewhere.path);
  expect([code, out]).toEqual([0, expect.stringContaining("right    hello.txt\n")]);
});

test.each(["nothing", "SHA256SUMS/nothing"])("that there is no such file is said: %s", async (word) => {
  using folder = makeFolder(release);
  const refused = answerOf((io) => verifyPath([word], flags, io), folder.path);
  await expect(refused).rejects.toMatchObject({
    code: "file-not-readable",
    message: `There is no file or folder \`${word}\``,
    hint: expect.stringContaining("the folder of a release"),
  });
});

test("a link to itself is said to be one", async () => {
  using folder = makeFolder({});
  symlinkSync("round", join(folder.path, "round"));
  const refused = answerOf((io) => verifyPath(["round"], flags, io), folder.path);
  await expect(refused).rejects.toThrow("`round` cannot be read: it is a link that leads to a link without end");
});

test.skipIf(process.getuid?.() === 0)(
  "a folder that may not be read is named, wherever in a release it is",
  async () => {
    using folder = makeFolder({ ...release, "sub/closed": "" });
    chmodSync(join(folder.path, "sub"), 0);
    const refused = answerOf((io) => verifyPath(["."], flags, io), folder.path);
    await expect(refused).rejects.toThrow(/sub\/?` cannot be read: you have no right to$/);
    chmodSync(join(folder.path, "sub"), 0o700);
  },
);

test("what the system says of a right that is not there is put in plain words", () => {
  const denied = (path: string) =>
    Object.assign(new Error(`EACCES: permission denied, scandir '${path}'`), { code: "EACCES", path });
  const named = { word: "release", path: "/srv/release" };
  expect(unreadable(named, denied("/srv/release"))).toMatchObject({
    code: "file-not-readable",
    message: "`release` cannot be read: you have no right to",
    hint: "verify as a user who may read it, or have the right given to you",
  });
  expect(unreadable(named, denied("/srv/release/sub")).message).toBe(
    "`/srv/release/sub` cannot be read: you have no right to",
  );
});

test("a root of updates that a person names and that is none is refused by its name", async () => {
  using folder = makeFolder({ ...release, "not a root": "root:x:0:0" });
  const io = capturedIo({ env: { CLAUDE_ORCHESTRATOR_UPDATE_ROOT: "not a root" }, cwd: folder.path });
  await expect(verifyPath(["."], flags, io)).rejects.toMatchObject({
    code: "usage",
    message: `${join(folder.path, "not a root")} is no root metadata of The Update Framework: it is no JSON`,
  });
});
