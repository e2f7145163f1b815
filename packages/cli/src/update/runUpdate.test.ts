import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync, chmodSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { acquireRunLock } from "@claude-orchestrator/store";
import { describe, expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import type { InstalledForm } from "../program/installedAs.ts";
import { programVersion } from "../program/version.ts";
import { makeTestRepository } from "../testing/updateRepository.ts";
import type { Offer, TestRepository } from "../testing/updateRepository.ts";
import { startUpdateServer } from "../testing/updateServer.ts";
import { platformWord, runUpdate } from "./runUpdate.ts";
import type { UpdateFlags } from "./runUpdate.ts";

const running = programVersion();
const newer: Offer = { version: "7.1.0", bytes: script("7.1.0"), platform: platformWord() };
const newest: Offer = { version: "7.2.0", bytes: script("7.2.0"), platform: platformWord() };
const older: Offer = { version: "0.0.9", bytes: script("0.0.9"), platform: platformWord() };

function script(version: string): string {
  return `#!/bin/sh\necho "claude-orchestrator ${version}"\n`;
}

interface Answer {
  readonly printed: string;
  readonly said: string;
  /** What the command people start says it is. */
  readonly now: string;
}

/** An executable of a person's, and a repository whose first root they believe. */
function rig(repository: TestRepository): (flags?: Partial<UpdateFlags>, form?: InstalledForm) => Promise<Answer> {
  const folder = join(repository.scratch, "bin");
  const path = join(folder, "claude-orchestrator");
  mkdirSync(folder);
  writeFileSync(path, script(running));
  chmodSync(path, 0o755);
  const rootFile = join(repository.scratch, "root.json");
  writeFileSync(rootFile, repository.root);
  return async (flags = {}, form = "executable") => {
    const env = {
      CLAUDE_ORCHESTRATOR_STATE: join(repository.scratch, "state"),
      CLAUDE_ORCHESTRATOR_UPDATE_ROOT: rootFile,
    };
    const io = capturedIo({ env, cwd: repository.scratch });
    const none = { check: false, channel: undefined, from: undefined, to: undefined, rollback: false, json: false };
    await runUpdate({ ...none, ...flags }, io, { form, path });
    const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
    return { printed: io.printed(), said: io.said(), now: stdout.trim().split(" ")[1] ?? "" };
  };
}

describe("update --from a folder", () => {
  test("puts the newest release in place, and says how to go back", async () => {
    using repository = makeTestRepository([newer, newest]);
    const { printed, said, now } = await rig(repository)({ from: repository.folder });
    expect({ printed, now }).toEqual({
      printed: `claude-orchestrator 7.2.0 is in place (${running} was)\n`,
      now: "7.2.0",
    });
    expect(said).toContain("update --rollback");
  });

  test("finds the updates in a release as it was unpacked", async () => {
    using repository = makeTestRepository([newer]);
    const release = join(repository.scratch, "release");
    mkdirSync(release);
    renameSync(repository.folder, join(release, "updates"));
    expect((await rig(repository)({ from: "release" })).now).toBe("7.1.0");
  });

  test("takes a file: address for the folder it names", async () => {
    using repository = makeTestRepository([newer]);
    expect((await rig(repository)({ from: pathToFileURL(repository.folder).href })).now).toBe("7.1.0");
  });

  test("goes back without asking anybody, and forth again", async () => {
    using repository = makeTestRepository([newer]);
    const update = rig(repository);
    await update({ from: repository.folder });
    expect((await update({ rollback: true })).now).toBe(running);
    expect((await update({ rollback: true })).now).toBe("7.1.0");
  });

  test("goes to an older version only where that is named, and never below it by itself", async () => {
    using repository = makeTestRepository([newer]);
    const update = rig(repository);
    await update({ from: repository.folder });
    repository.offer([older]);
    const { printed, now } = await update({ from: repository.folder });
    expect(now).toBe("7.1.0");
    expect(printed).toContain("7.1.0 is newer than all there is in channel stable (0.0.9)");
    expect((await update({ from: repository.folder, to: "0.0.9" })).now).toBe("0.0.9");
  });

  test("does nothing where nothing is newer", async () => {
    using repository = makeTestRepository([newer]);
    const update = rig(repository);
    await update({ from: repository.folder });
    expect(await update({ from: repository.folder })).toEqual({
      printed: "7.1.0 is the newest in channel stable\n",
      said: "",
      now: "7.1.0",
    });
  });

  test("keeps what is installed where the new one does not start", async () => {
    using repository = makeTestRepository([{ ...newer, bytes: "#!/bin/sh\nexit 3\n" }]);
    const update = rig(repository);
    await expect(update({ from: repository.folder })).rejects.toThrow(
      "7.1.0 does not start here: it ended with exit code 3",
    );
    expect(readdirSync(join(repository.scratch, "bin/.claude-orchestrator/versions"))).toEqual([]);
  });

  test("keeps what is installed where the source was altered", async () => {
    using repository = makeTestRepository([newer]);
    const [target = ""] = readdirSync(join(repository.folder, "targets"));
    writeFileSync(join(repository.folder, "targets", target), script("6.6.6"));
    const update = rig(repository);
    await expect(update({ from: repository.folder })).rejects.toThrow("Nothing was updated");
    expect(existsSync(join(repository.scratch, "bin/.claude-orchestrator/versions/7.1.0"))).toBe(false);
  });

  test("says what is wrong with the folder where it cannot put anything", async () => {
    using repository = makeTestRepository([newer]);
    const update = rig(repository);
    writeFileSync(join(repository.scratch, "bin/.claude-orchestrator"), "somebody's file");
    await expect(update({ from: repository.folder })).rejects.toThrow(/Nothing was updated: .* it is no folder/);
  });

  test("waits for nobody: while another is at work it says so", async () => {
    using repository = makeTestRepository([newer]);
    const update = rig(repository);
    const root = join(repository.scratch, "bin/.claude-orchestrator");
    mkdirSync(root);
    const other = acquireRunLock(root);
    await expect(update({ from: repository.folder })).rejects.toThrow("Another update is at work here");
    other?.release();
    expect((await update({ from: repository.folder })).now).toBe("7.1.0");
  });
});

describe("update --check", () => {
  test("only says what there is, over HTTP too", async () => {
    using repository = makeTestRepository([newer]);
    await using server = await startUpdateServer(repository.folder);
    const { printed, now } = await rig(repository)({ check: true, json: true, from: server.url.href });
    expect(JSON.parse(printed)).toEqual({
      updated: false,
      version: running,
      channel: "stable",
      available: "7.1.0",
      command: "claude-orchestrator update",
    });
    expect(now).toBe(running);
    expect(server.asked.filter((path) => path.startsWith("targets/"))).toEqual([]);
  });

  test("tells who installed it otherwise the command of that", async () => {
    using repository = makeTestRepository([newer]);
    const { printed } = await rig(repository)({ check: true, from: repository.folder }, "npm");
    expect(printed).toBe(`7.1.0 is there (this is ${running}): \`npm install --global claude-orchestrator@latest\`\n`);
  });
});

describe("update is refused in one sentence", () => {
  test.each([
    ["npm", "npm"],
    ["wheel", "pip"],
    ["homebrew", "Homebrew"],
    ["deb", "the system's packages"],
    ["source", "a clone of its source"],
  ] as const)("for what came by %s", async (form, who) => {
    using repository = makeTestRepository([newer]);
    await expect(rig(repository)({ from: repository.folder }, form)).rejects.toThrow(`This program came by ${who}`);
  });

  test.each<readonly [Partial<UpdateFlags>, string]>([
    [{}, "No update source is configured, so nothing was asked of anybody"],
    [{ from: "nowhere" }, "There is no folder"],
    [{ from: "" }, "`--from` is empty, so nothing was asked of anybody"],
    [{ from: "file:///no where" }, "There is no folder /no where to update from"],
    [{ from: "file:///a%2Fb" }, "`file:///a%2Fb` is no address of a folder on this machine"],
    [{ from: "https://user:secret@example.com/" }, "The address of the update source is none that files are read from"],
    [{ rollback: true, from: "x" }, "it has no use for `--from`"],
    [{ rollback: true }, `There is no version before ${running} here to go back to`],
    [{ from: "repository", to: "9.9.9" }, "The source has no 9.9.9 for"],
    [{ from: "repository", channel: "weekly" }, "There is no channel `weekly`"],
  ])("for %j", async (flags, sentence) => {
    using repository = makeTestRepository([newer]);
    await expect(rig(repository)(flags)).rejects.toThrow(sentence);
  });

  test.each<readonly [string, (repository: TestRepository) => string]>([
    ["it is no JSON", () => "root:x:0:0:root:/root:/bin/bash\n"],
    ["it is JSON of something else", () => "null"],
    ["it is JSON of something else", ({ folder }) => readFileSync(join(folder, "metadata/timestamp.json"), "utf8")],
    ["not enough of the keys in it have signed it", ({ root }) => root.replace('"version": 1', '"version": 7')],
  ])("for a named root of trust that is none: %s", async (why, textOf) => {
    using repository = makeTestRepository([newer]);
    const update = rig(repository);
    const rootFile = join(repository.scratch, "root.json");
    writeFileSync(rootFile, textOf(repository));
    await expect(update({ from: repository.folder })).rejects.toMatchObject({
      code: "usage",
      message: `${rootFile} is no root metadata of The Update Framework: ${why}`,
      hint: expect.stringContaining("CLAUDE_ORCHESTRATOR_UPDATE_ROOT names it"),
    });
    expect(existsSync(join(repository.scratch, "state"))).toBe(false);
  });

  test("for a build that believes no root by itself", async () => {
    using repository = makeTestRepository([newer]);
    const io = capturedIo({ env: { CLAUDE_ORCHESTRATOR_STATE: repository.scratch }, cwd: repository.scratch });
    const flags = {
      check: true,
      channel: undefined,
      from: repository.folder,
      to: undefined,
      rollback: false,
      json: false,
    };
    await expect(runUpdate(flags, io)).rejects.toThrow("This build of the program has no root of trust");
    expect(readFileSync(join(repository.folder, "metadata/1.root.json"), "utf8")).toBe(repository.root);
  });
});
