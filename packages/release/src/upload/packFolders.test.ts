import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { artifactOf } from "../artifact.ts";
import type { Artifact } from "../artifact.ts";
import { leaveOutUpdates } from "../tuf/makeUpdates.ts";
import { packFolders } from "./packFolders.ts";

let output: string;
let said: string[];

beforeEach(() => {
  output = mkdtempSync(path.join(tmpdir(), "claude-orchestrator upload-"));
  said = [];
});

afterEach(() => rmSync(output, { recursive: true, force: true }));

const context = () => ({
  version: "1.2.3",
  sourceDateEpoch: 1_700_000_000,
  output,
  say: (line: string) => void said.push(line),
});

async function made(name: string, kind: Artifact["kind"]): Promise<Artifact> {
  const file = path.join(output, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `this is ${name}`);
  return artifactOf({ output }, file, { kind });
}

test("a folder becomes one archive, the same bytes each time, and what is in none stays", async () => {
  const make = async () =>
    packFolders(context(), [
      await made("one.tgz", "npm"),
      await made("managers/scoop/x.json", "package-manager"),
      await made("managers/aur/.SRCINFO", "package-manager"),
    ]);
  const packed = await make();
  const archive = "claude-orchestrator-1.2.3-managers.tar.gz";
  expect(packed.map(({ path: name, kind }) => [name, kind])).toEqual([
    ["one.tgz", "npm"],
    [archive, "package-manager"],
  ]);
  expect(existsSync(path.join(output, "managers"))).toBe(false);
  spawnSync("tar", ["-xf", archive], { cwd: output });
  expect(readFileSync(path.join(output, "managers/aur/.SRCINFO"), "utf8")).toBe("this is managers/aur/.SRCINFO");
  expect(await make()).toEqual(packed);
});

test("a name that GitHub would change is not released", async () => {
  await expect(packFolders(context(), [await made("x_1.2.3~beta.1_amd64.deb", "deb")])).rejects.toThrow(
    "`x_1.2.3~beta.1_amd64.deb` would get another name where it is uploaded to",
  );
});

test("without a key for them a release for people has no updates, also none that a try has left, and says so", async () => {
  await made("updates/metadata/timestamp.json", "update");
  expect(leaveOutUpdates(context(), { RELEASE_TUF_KEYS: "keys" })).toBe(false);
  expect(existsSync(path.join(output, "updates"))).toBe(true);
  expect(leaveOutUpdates(context(), {})).toBe(true);
  expect(existsSync(path.join(output, "updates"))).toBe(false);
  expect(said).toEqual([expect.stringContaining("updates: left out, RELEASE_TUF_KEYS is not set")]);
});
