import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  signed,
  targetsContent,
  testKey,
  testSigningKeys,
  writeRoot,
  writeSnapshot,
  writeTimestamp,
} from "@claude-orchestrator/release";
import { chooseRelease, folderSource, openRepository } from "@claude-orchestrator/update";
import type { FetchPatience, UpdateSource } from "@claude-orchestrator/update";
import { describe, expect, test } from "vitest";
import { makeTestRepository, now, testPlatform } from "../testing/updateRepository.ts";
import type { TestRepository } from "../testing/updateRepository.ts";
import { startUpdateServer } from "../testing/updateServer.ts";
import type { Attack } from "../testing/updateServer.ts";
import { webSource } from "./webSource.ts";

/* security.md's updater attacks: the real client, over HTTP, against a server that lies. */

const installed = { platform: testPlatform, channel: "stable", installed: "1.0.0" } as const;
const patient: FetchPatience = { metadataMs: 30_000, targetMs: 30_000 };

/** Updates from a source the whole way; answers what was downloaded, or `undefined` where there is nothing newer. */
async function update(
  { root, scratch }: TestRepository,
  source: UpdateSource,
  patience: FetchPatience = patient,
): Promise<string | undefined> {
  using repository = await openRepository({ source, trust: join(scratch, "trust"), root, patience });
  const choice = chooseRelease(repository.offered, installed);
  if (choice.kind !== "newer") return undefined;
  const file = join(scratch, "downloaded");
  rmSync(file, { force: true });
  await repository.download(choice.release, file);
  return readFileSync(file, "utf8");
}

async function updateFrom(
  repository: TestRepository,
  folder: string = repository.folder,
  { attack, patience }: { readonly attack?: Attack; readonly patience?: FetchPatience } = {},
): Promise<string | undefined> {
  await using server = await startUpdateServer(folder, attack);
  return await update(repository, webSource(server.url), patience);
}

const newer = { version: "1.1.0", bytes: "the newer program" };
const newest = { version: "1.2.0", bytes: "the newest program" };

describe("an honest source", () => {
  test("gives the newest release of the platform, over HTTP and from a folder", async () => {
    using repository = makeTestRepository([
      newer,
      { version: "9.0.0", bytes: "of another system", platform: "win-x64" },
      { version: "1.3.0-beta.1", bytes: "for who follows beta", channel: "beta" },
    ]);
    expect(await updateFrom(repository)).toBe("the newer program");
    expect(await update(repository, folderSource(repository.folder))).toBe("the newer program");
  });

  test("is followed from state to state, also when nothing is new", async () => {
    using repository = makeTestRepository([newer]);
    await updateFrom(repository);
    writeTimestamp(repository.folder, repository.signing);
    expect(await updateFrom(repository)).toBe("the newer program");
    repository.offer([newer, newest]);
    expect(await updateFrom(repository)).toBe("the newest program");
  });

  test("leaves nothing of its work but what was believed", async () => {
    using repository = makeTestRepository([newer]);
    await updateFrom(repository);
    expect(readdirSync(join(repository.scratch, "trust")).toSorted()).toEqual([
      "root.json",
      "snapshot.json",
      "targets.json",
      "timestamp.json",
    ]);
  });

  test("that is out of reach is one sentence with its address", async () => {
    using repository = makeTestRepository([newer]);
    const server = await startUpdateServer(repository.folder);
    await server[Symbol.asyncDispose]();
    await expect(update(repository, webSource(server.url))).rejects.toThrow(/Nothing was updated from http:.*REFUSED/);
  });
});

describe("an old state that was signed once", () => {
  test("is not gone back to: rollback", async () => {
    using repository = makeTestRepository([newer]);
    const old = repository.copy("old");
    repository.offer([newer, newest]);
    await updateFrom(repository);
    await expect(updateFrom(repository, old)).rejects.toThrow("an old state is served as a new one");
    expect(await updateFrom(repository)).toBe("the newest program");
  });

  test("is not gone back to by a new timestamp over an old snapshot", async () => {
    using repository = makeTestRepository([newer]);
    const old = repository.copy("old");
    repository.offer([newer, newest]);
    await updateFrom(repository);
    for (let version = 0; version < 5; version++) writeTimestamp(old, repository.signing);
    await expect(updateFrom(repository, old)).rejects.toThrow("an old state is served as a new one");
  });

  test("is not gone back to by a new snapshot over old targets", async () => {
    using repository = makeTestRepository([newer]);
    const old = repository.copy("old");
    repository.offer([newer, newest]);
    await updateFrom(repository);
    for (let version = 0; version < 5; version++) writeSnapshot(old, repository.signing);
    await expect(updateFrom(repository, old)).rejects.toThrow("an old state is served as a new one");
  });

  test("is refused once its timestamp has expired: freeze", async () => {
    using repository = makeTestRepository([newer], { at: now() - 8 * 86_400 });
    await expect(updateFrom(repository)).rejects.toThrow("has expired");
    expect(await updateAfterRenewal(repository)).toBe("the newer program");
  });

  test.each(["targets", "snapshot"] as const)("is refused once its %s has expired", async (role) => {
    using repository = makeTestRepository([newer]);
    const lives = { root: 365, targets: 90, snapshot: 7, timestamp: 7, [role]: -1 };
    repository.offer([newer], { lives });
    await expect(updateFrom(repository)).rejects.toThrow("has expired");
  });

  test("is refused once its root has expired, and believed again by a newer root", async () => {
    using repository = makeTestRepository([newer], { lives: { root: -1, targets: 90, snapshot: 7, timestamp: 7 } });
    await expect(updateFrom(repository)).rejects.toThrow("its root of trust has expired");
    writeRoot(repository.folder, { at: now(), keys: repository.signing.keys });
    expect(await updateFrom(repository)).toBe("the newer program");
  });
});

async function updateAfterRenewal(repository: TestRepository): Promise<string | undefined> {
  writeSnapshot(repository.folder, { ...repository.signing, at: now() });
  return updateFrom(repository);
}

describe("what was altered", () => {
  const metadataOf = (folder: string, name: string): string => join(folder, "metadata", name);

  test("parts of two states do not make a third: mix and match", async () => {
    using repository = makeTestRepository([newer]);
    const first = repository.copy("first");
    repository.offer([newer, newest]);
    const mixed = repository.copy("mixed");
    writeFileSync(metadataOf(mixed, "2.targets.json"), readFileSync(metadataOf(first, "1.targets.json")));
    await expect(updateFrom(repository, mixed)).rejects.toThrow("its parts do not belong together");
  });

  test("a snapshot other than the timestamp's is refused", async () => {
    using repository = makeTestRepository([newer]);
    const first = repository.copy("first");
    repository.offer([newer, newest]);
    const mixed = repository.copy("mixed");
    writeFileSync(metadataOf(mixed, "2.snapshot.json"), readFileSync(metadataOf(first, "1.snapshot.json")));
    await expect(updateFrom(repository, mixed)).rejects.toThrow("its parts do not belong together");
  });

  test.each([
    ["of the same length", "the wrong program"],
    ["that is shorter", "short"],
    ["that is longer", "a program that is far longer than the one that was signed"],
  ])("a program %s is refused, and nothing of it is left", async (_how, bytes) => {
    using repository = makeTestRepository([newer]);
    const attack: Attack = (path, response) => (path.startsWith("targets/") ? (response.end(bytes), true) : undefined);
    await expect(updateFrom(repository, repository.folder, { attack })).rejects.toThrow("Nothing was updated");
    expect(existsSync(join(repository.scratch, "downloaded"))).toBe(false);
  });

  test.each(["timestamp", "snapshot", "targets"] as const)("a %s signed by a stranger is refused", async (role) => {
    using repository = makeTestRepository([newer]);
    const keys = { ...repository.signing.keys, [role]: [testKey("a stranger's")] };
    repository.offer([newer, newest], { keys });
    await expect(updateFrom(repository)).rejects.toThrow("not signed by the keys");
  });

  test.each(["[]", "null", "{", '{"signed":{"_type":"timestamp"},"signatures":[]}', "\u0000\u0001"])(
    "a timestamp that is %j is refused in one sentence",
    async (text) => {
      using repository = makeTestRepository([newer]);
      writeFileSync(metadataOf(repository.folder, "timestamp.json"), text);
      await expect(updateFrom(repository)).rejects.toThrow("Nothing was updated");
    },
  );
});

describe("the root of trust", () => {
  const other = { ...testSigningKeys(), timestamp: [testKey("timestamp-2")], targets: [testKey("targets-3")] };

  test("changes the keys of all the rest, when its old keys have signed that", async () => {
    using repository = makeTestRepository([newer]);
    await updateFrom(repository);
    writeRoot(repository.folder, { ...repository.signing, keys: other }, repository.signing.keys.root);
    repository.offer([newer, newest], { keys: other });
    expect(await updateFrom(repository)).toBe("the newest program");
  });

  test("changes its own keys, and those who missed several changes follow them one by one", async () => {
    using repository = makeTestRepository([newer]);
    const { keys } = repository.signing;
    const second = { ...keys, root: [1, 2, 3].map((at) => testKey(`second-${at}`)) };
    const third = { ...keys, root: [1, 2, 3].map((at) => testKey(`third-${at}`)) };
    writeRoot(repository.folder, { ...repository.signing, keys: second }, keys.root);
    writeRoot(repository.folder, { ...repository.signing, keys: third }, second.root);
    expect(await updateFrom(repository)).toBe("the newer program");
  });

  test("is not changed by one of the two keys it takes: missing threshold", async () => {
    using repository = makeTestRepository([newer]);
    const keys = { ...repository.signing.keys, root: [1, 2, 3].map((at) => testKey(`thief-${at}`)) };
    writeRoot(repository.folder, { ...repository.signing, keys }, repository.signing.keys.root.slice(0, 1));
    await expect(updateFrom(repository)).rejects.toThrow("not signed by the keys");
  });

  test("is not changed by two of three where one of them has signed twice", async () => {
    using repository = makeTestRepository([newer]);
    const { keys } = repository.signing;
    const [first] = keys.root;
    if (first === undefined) throw new Error("no key");
    const thieves = [1, 2, 3].map((at) => testKey(`thief-${at}`));
    const file = writeRoot(repository.folder, { ...repository.signing, keys: { ...keys, root: thieves } }, [first]);
    const root = JSON.parse(readFileSync(file, "utf8")) as { readonly signatures: { readonly keyid: string }[] };
    root.signatures.push(...root.signatures.filter(({ keyid }) => keyid === first.id));
    writeFileSync(file, JSON.stringify(root));
    await expect(updateFrom(repository)).rejects.toThrow("Nothing was updated");
  });

  test("is not skipped over: the third is no successor of the first", async () => {
    using repository = makeTestRepository([newer]);
    const third = writeRoot(repository.copy("other"), repository.signing);
    writeRoot(join(repository.scratch, "other"), repository.signing);
    writeFileSync(
      join(repository.folder, "metadata/2.root.json"),
      readFileSync(third.replace("2.root.json", "3.root.json")),
    );
    await expect(updateFrom(repository)).rejects.toThrow("does not follow the one before it");
  });

  test("that was changed once is kept: a source that hides the change is refused", async () => {
    using repository = makeTestRepository([newer]);
    const before = repository.copy("before");
    writeRoot(repository.folder, { ...repository.signing, keys: other });
    repository.offer([newer, newest], { keys: other });
    await updateFrom(repository);
    await expect(updateFrom(repository, before)).rejects.toThrow("not signed by the keys");
  });
});

describe("a source that would hold the program up", () => {
  const endless: Attack = (path, response) => {
    if (!path.endsWith("timestamp.json") && !path.startsWith("targets/")) return undefined;
    response.writeHead(200);
    const more = (): void => {
      while (response.writable && response.write(Buffer.alloc(65_536, 32)));
    };
    response.on("drain", more);
    more();
    return true;
  };

  test("by metadata without an end is left at its bound", async () => {
    using repository = makeTestRepository([newer]);
    await expect(updateFrom(repository, repository.folder, { attack: endless })).rejects.toThrow(
      "it sends more than it may",
    );
  });

  test("by a program without an end is left at the length that was signed", async () => {
    using repository = makeTestRepository([newer]);
    const attack: Attack = (path, response) => (path.startsWith("targets/") ? endless(path, response) : undefined);
    await expect(updateFrom(repository, repository.folder, { attack })).rejects.toThrow("it sends more than it may");
  });

  test.each(["metadata/", "targets/"])("by sending %s slowly is left at its deadline", async (what) => {
    using repository = makeTestRepository([newer]);
    const attack: Attack = (path, response) => {
      if (!path.startsWith(what) || path.endsWith("root.json")) return undefined;
      response.writeHead(200);
      const dripping = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(dripping));
      return true;
    };
    const patience = { metadataMs: what === "metadata/" ? 300 : 30_000, targetMs: 300 };
    await expect(updateFrom(repository, repository.folder, { attack, patience })).rejects.toThrow(
      "it did not come whole in time",
    );
  });

  test("by never answering is left at its deadline", async () => {
    using repository = makeTestRepository([newer]);
    const patience = { metadataMs: 300, targetMs: 300 };
    await expect(updateFrom(repository, repository.folder, { attack: () => true, patience })).rejects.toThrow(
      "it did not come whole in time",
    );
  });

  test.skipIf(process.platform === "win32")(
    "by a pipe or a folder in the place of a file is not waited for",
    async () => {
      using repository = makeTestRepository([newer]);
      const timestamp = join(repository.folder, "metadata/timestamp.json");
      rmSync(timestamp);
      spawnSync("mkfifo", [timestamp]);
      await expect(update(repository, folderSource(repository.folder))).rejects.toThrow("timestamp.json is no file");
      rmSync(timestamp);
      mkdirSync(timestamp);
      await expect(update(repository, folderSource(repository.folder))).rejects.toThrow("timestamp.json is no file");
    },
  );

  test("by leading elsewhere is not followed", async () => {
    using repository = makeTestRepository([newer]);
    await using elsewhere = await startUpdateServer(repository.folder);
    const attack: Attack = (path, response) => {
      response.writeHead(302, { location: new URL(path, elsewhere.url).href }).end();
      return true;
    };
    await expect(updateFrom(repository, repository.folder, { attack })).rejects.toThrow("it leads elsewhere");
    expect(elsewhere.asked).toEqual([]);
  });
});

describe("what is offered", () => {
  test.each(["../../escaped", "/etc/passwd", "a/../../b", "..", "folder\\file", "C:file", ".hidden", "a b"])(
    "under the name %s is no release, whoever signed it",
    async (path) => {
      using repository = makeTestRepository([newer]);
      const { folder, signing } = repository;
      const custom = { version: "1.1.0", channel: "stable", platform: testPlatform };
      const life = { version: 2, expires: now() + 1000 };
      const content = targetsContent(life, [{ path, length: 5, sha256: "0".repeat(64), custom }]);
      writeFileSync(join(folder, "metadata/2.targets.json"), signed(content, signing.keys.targets));
      writeSnapshot(folder, signing);
      expect(await updateFrom(repository)).toBeUndefined();
      expect(readdirSync(repository.scratch).toSorted()).toEqual(["repository", "sources", "trust"]);
    },
  );

  test("for another platform only is not taken", async () => {
    using repository = makeTestRepository([{ ...newer, platform: "win-x64" }]);
    expect(await updateFrom(repository)).toBeUndefined();
  });

  test("under another platform's name is told by what is signed of it, not by its name", async () => {
    using repository = makeTestRepository([
      { ...newer, platform: "win-x64", path: `claude-orchestrator-1.1.0-${testPlatform}` },
    ]);
    expect(await updateFrom(repository)).toBeUndefined();
  });

  test("that is older than what is installed is not taken", async () => {
    using repository = makeTestRepository([{ version: "0.9.0", bytes: "an old program with a known hole" }]);
    expect(await updateFrom(repository)).toBeUndefined();
  });
});
