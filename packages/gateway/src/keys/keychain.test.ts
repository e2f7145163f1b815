import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keychainProgram } from "./keychain.ts";
import { readKey } from "./readKey.ts";

let folder: string;
const secret = "sk-test-0123456789";
const entry = { kind: "keychain", service: "the anthropic", account: "me" } as const;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "gateway keychain "))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder for PATH in which `secret-tool` is this script. */
function withSecretTool(script: string): string {
  const place = mkdtempSync(join(folder, "bin "));
  const program = join(place, "secret-tool");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return place;
}

const read = (path: string): Promise<string> => readKey(entry, { env: { PATH: path }, platform: "linux" });

describe("a key in the system's own store", () => {
  test("is what the store's program prints, asked by service and account as words of their own", async () => {
    const path = withSecretTool(
      `[ "$#:$1:$2:$3:$4:$5" = "5:lookup:service:the anthropic:account:me" ] && printf ${secret}`,
    );
    expect(await read(path)).toBe(secret);
  });

  test.each([
    [
      "has no such entry",
      "exit 1",
      "the key of `the anthropic` in the keychain is not to be had: `secret-tool` ended with 1",
    ],
    ["gives nothing", "exit 0", "the key of `the anthropic` in the keychain is empty"],
    ["says what it found and fails", `printf ${secret}; printf ${secret} >&2; exit 3`, "`secret-tool` ended with 3"],
  ])("that %s is told by its name, never by what was found there", async (_, script, message) => {
    const error: unknown = await read(withSecretTool(script)).catch((each: unknown) => each);
    expect(error).toMatchObject({ name: "UserError", code: "gateway-key", message: expect.stringContaining(message) });
    expect(JSON.stringify(error)).not.toContain(secret);
  });

  test("without its program is a problem that says what to install", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    await expect(read(empty)).rejects.toMatchObject({
      message: "the keychain cannot be asked: there is no `secret-tool` here",
      hint: expect.stringContaining("libsecret-tools"),
    });
  });

  test("of macOS is asked by `security`", () => {
    expect(keychainProgram(entry, "darwin").argv.slice(1)).toEqual([
      "find-generic-password",
      "-s",
      "the anthropic",
      "-a",
      "me",
      "-w",
    ]);
    expect(keychainProgram({ kind: "keychain", service: "s" }, "darwin").argv.slice(1)).toEqual([
      "find-generic-password",
      "-s",
      "s",
      "-w",
    ]);
  });

  test("of Windows is asked by PowerShell, and its name is part of no script", () => {
    const hostile = "x'; Remove-Item y; '";
    const { argv, env } = keychainProgram({ kind: "keychain", service: hostile, account: "me" }, "win32");
    expect(argv.join(" ")).not.toContain("Remove-Item");
    expect(env).toEqual({ CLAUDE_ORCHESTRATOR_CREDENTIAL: `${hostile}/me` });
  });
});

function placeOf(program: string): string | undefined {
  return ["/usr/bin", "/bin"].map((place) => join(place, program)).find((path) => existsSync(path));
}

const bus = placeOf("dbus-run-session");
/** GNOME's own keyring, which few machines without a screen have. */
const hasKeyring = ["gnome-keyring-daemon", "secret-tool"].every((name) => placeOf(name) !== undefined);

describe.skipIf(bus === undefined || !hasKeyring)(
  "the real Secret Service (skipped without dbus, gnome-keyring and libsecret-tools)",
  () => {
    test("gives what `secret-tool store` has put there", () => {
      const home = join(folder, "home");
      mkdirSync(home);
      const reader = fileURLToPath(new URL("readKey.ts", import.meta.url));
      const source = JSON.stringify(entry);
      const program = `const { readKey } = await import(${JSON.stringify(reader)}); process.stdout.write(await readKey(${source}, { env: process.env, platform: "linux" }));`;
      const script = `printf word | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
printf ${secret} | ${keychainProgram(entry, "linux").store}
exec "$0" --input-type=module --eval "$1"`;
      const words = ["--", "/bin/sh", "-c", script, process.execPath, program];
      const env = { PATH: ["/usr/bin", "/bin"].join(delimiter), HOME: home, XDG_RUNTIME_DIR: home };
      expect(execFileSync(bus ?? "", words, { env, encoding: "utf8", stdio: "pipe" })).toBe(secret);
    });
  },
);
