import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { splitEnvironment } from "./handedEnvironment.ts";
import { startDetached } from "./startDetached.ts";

let folder: string;
const secret = "sk-test-0123456789";

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "handed "))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const door = JSON.stringify(fileURLToPath(new URL("../index.ts", import.meta.url)));
const told = `import { readFileSync, writeFileSync } from "node:fs";
const { takeHandedEnvironment, tellStarter } = await import(${door});
const has = await takeHandedEnvironment();
const limits = process.platform === "linux" ? readFileSync("/proc/self/limits", "utf8") : "";
const shown = process.platform === "linux" ? readFileSync("/proc/self/environ", "utf8") : "";
writeFileSync("seen", JSON.stringify({ has, key: process.env.MY_KEY, home: process.env.HOME, isShown: shown.includes(process.env.MY_KEY), core: /^Max core file size +(\\S+)/m.exec(limits)?.[1] ?? "0" }));
tellStarter();`;

test("a program started without a terminal has every variable, and shows no key where all can look, in its environment or by a crash", async () => {
  const argv = [process.execPath, "--input-type=module", "--eval", told];
  const env = { PATH: "/usr/bin:/bin", HOME: folder, MY_KEY: secret };
  const start = await startDetached(
    { argv, cwd: folder, env, logPath: join(folder, "log") },
    new Promise(() => undefined),
  );
  expect([start.begun, readFileSync(join(folder, "log"), "utf8")]).toEqual([true, ""]);
  expect(JSON.parse(readFileSync(join(folder, "seen"), "utf8"))).toEqual({
    has: true,
    key: secret,
    home: folder,
    isShown: false,
    core: "0",
  });
});

describe("what a program has from its first moment", () => {
  test("is what a start reads, and no more, whatever else is set", () => {
    const start = { PATH: "/bin", HOME: "/h", NODE_OPTIONS: "--a", LC_ALL: "C", TMPDIR: "/t", LD_PRELOAD: "" };
    const rest = { ANTHROPIC_API_KEY: "k", NODE_AUTH_TOKEN: "t", UV_PUBLISH_TOKEN: "u", GONE: undefined };
    const { GONE: _, ...handed } = rest;
    expect(splitEnvironment({ ...start, ...rest })).toEqual({ atStart: start, handed });
  });
});
