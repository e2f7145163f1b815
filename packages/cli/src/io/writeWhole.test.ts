import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";

const kills = 8;

/** Writes texts of many sizes over one another, each of one letter, until it is killed. */
function rewriting(path: string): string {
  const module = pathToFileURL(join(import.meta.dirname, "writeWhole.ts")).href;
  return `import { writeWhole } from ${JSON.stringify(module)};
for (let round = 0; ; round += 1) {
  const letter = String.fromCharCode(97 + (round % 26));
  await writeWhole(${JSON.stringify(path)}, letter.repeat(100_000 + (round % 7) * 50_000) + "\\n");
  if (round === 3) process.stdout.write("begun");
}`;
}

function isWhole(text: string): boolean {
  return /^([a-z])\1{99999,}\n$/.test(text);
}

test("R17: a file that is written whole is the old one or the new one, for who reads meanwhile and after any kill", async () => {
  using folder = makeFolder();
  const path = join(folder.path, "result.json");
  for (let kill = 0; kill < kills; kill += 1) {
    const words = ["--input-type=module", "-e", rewriting(path)];
    const child = spawn(process.execPath, words, { env: {}, stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    for (let look = 0; look <= kill * 5; look += 1) expect(isWhole(readFileSync(path, "utf8"))).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(path) && isWhole(readFileSync(path, "utf8"))).toBe(true);
  }
  const strays = readdirSync(folder.path).filter((name) => !/^result\.json(?:\.\d+\.tmp)?$/.test(name));
  expect(strays).toEqual([]);
});
