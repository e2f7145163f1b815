import { spawn, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeTarGz } from "../tar/makeTarGz.ts";
import { installerText } from "./installerText.ts";

const platform = `${process.platform}-${process.arch}`;
const archive = `claude-orchestrator-1.2.3-${platform}.tar.gz`;
const has = (name: string): boolean => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
const version = spawnSync("openssl", ["version"], { encoding: "utf8" });
const checkers = [
  ...(has("minisign") ? ["minisign"] : []),
  ...(/^OpenSSL [34]/.test(version.stdout) ? ["openssl"] : []),
];

let folder: string, home: string, prefix: string, released: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator installer-"));
  [home, prefix, released] = [
    path.join(folder, "a home"),
    path.join(folder, "a prefix"),
    path.join(folder, "released"),
  ];
  for (const each of [home, prefix, released, path.join(folder, "tools")]) mkdirSync(each);
  makeRelease(signer);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Signer {
  readonly secret: KeyObject;
  readonly line: string;
  readonly number: Buffer;
}

function newSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const number = Buffer.from("12345678");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(12);
  return { secret: privateKey, number, line: Buffer.concat([Buffer.from("Ed"), number, raw]).toString("base64") };
}

const signer = newSigner();

function makeRelease(by: Signer, comment = "timestamp:0\tfile:SHA256SUMS\tversion:1.2.3\tcommit:abc"): void {
  const top = `claude-orchestrator-1.2.3-${platform}`;
  const files = [
    { path: `${top}/bin/claude-orchestrator`, bytes: Buffer.from("#!/bin/sh\necho installed\n"), isExecutable: true },
    { path: `${top}/share/man/man1/claude-orchestrator.1`, bytes: Buffer.from(".TH") },
  ];
  const packed = makeTarGz(files, 0);
  writeFileSync(path.join(released, archive), packed);
  const sums = Buffer.from(`${createHash("sha256").update(packed).digest("hex")}  ${archive}\n`);
  writeFileSync(path.join(released, "SHA256SUMS"), sums);
  const first = sign(null, createHash("blake2b512").update(sums).digest(), by.secret);
  const second = sign(null, Buffer.concat([first, Buffer.from(comment)]), by.secret);
  const line = Buffer.concat([Buffer.from("ED"), by.number, first]).toString("base64");
  const text = `untrusted comment: x\n${line}\ntrusted comment: ${comment}\n${second.toString("base64")}\n`;
  writeFileSync(path.join(released, "SHA256SUMS.minisig"), text);
}

const template = readFileSync(path.join(import.meta.dirname, "../../installers/install.sh"), "utf8");
const common =
  "awk cat cp curl cut dash dirname env find getconf grep gzip head id mkdir mktemp mv printf pwd rm rmdir sed sh sha256sum sort tail tar tr uname wc";

/** A PATH in which only `tools` check signatures. */
function pathWith(tools: readonly string[]): string {
  const bin = path.join(folder, "tools");
  for (const name of [...common.split(" "), ...tools]) {
    const found = ["/usr/bin", "/bin", "/usr/local/bin"]
      .map((each) => path.join(each, name))
      .find((each) => existsSync(each));
    if (found !== undefined && !existsSync(path.join(bin, name))) symlinkSync(found, path.join(bin, name));
  }
  return bin;
}

function runInstaller(words: readonly string[], tools = checkers.slice(0, 1)) {
  const script = path.join(folder, "install.sh");
  writeFileSync(
    script,
    installerText(template, { version: "1.2.3", address: "", keys: [newSigner().line, signer.line] }),
  );
  return spawnSync("sh", [script, "--prefix", prefix, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { HOME: home, PATH: pathWith(tools) },
  });
}

const filesIn = (where: string) => readdirSync(where, { recursive: true, encoding: "utf8" }).toSorted();

test.each(checkers)("checked with %s, a release is placed whole, and taken away whole", (checker) => {
  mkdirSync(path.join(prefix, "bin"));
  const installed = runInstaller(["--from", released, "--require-signature"], [checker]);
  expect([installed.status, installed.stderr]).toEqual([0, ""]);
  expect(installed.stdout).toContain(`SHA256SUMS is signed by ${signer.line}`);
  expect(installed.stdout).toContain(`${archive} has the SHA-256 in SHA256SUMS`);
  const program = path.join(prefix, "bin/claude-orchestrator");
  expect(spawnSync(program, { encoding: "utf8" }).stdout).toBe("installed\n");
  expect(existsSync(path.join(prefix, "share/man/man1/claude-orchestrator.1"))).toBe(true);
  expect(filesIn(home)).toEqual([]);
  // Over itself, as for a newer version.
  expect(runInstaller(["--from", released]).status).toBe(0);
  mkdirSync(path.join(home, ".cache/claude-orchestrator/executable/1.2.3"), { recursive: true });
  expect(runInstaller(["--uninstall"])).toMatchObject({ status: 0, stderr: "" });
  // The folder that was there before stays.
  expect([filesIn(prefix), filesIn(home)]).toEqual([["bin"], [".cache"]]);
});

test("a mirror is asked for the version that was named", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end(readFileSync(path.join(released, path.basename(request.url ?? ""))));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const words = ["--base-url", `http://127.0.0.1:${port}/{version}/`, "--version", "v1.2.3"];
    const script = path.join(folder, "install.sh");
    writeFileSync(script, installerText(template, { version: "9.9.9", address: "", keys: [signer.line] }));
    const child = spawn("sh", [script, "--prefix", prefix, ...words], {
      env: { HOME: home, PATH: pathWith(checkers) },
      stdio: "ignore",
    });
    expect(await new Promise((resolve) => void child.once("close", resolve))).toBe(0);
    expect(asked).toEqual([`/1.2.3/SHA256SUMS`, `/1.2.3/SHA256SUMS.minisig`, `/1.2.3/${archive}`]);
  } finally {
    server.close();
  }
});

describe.each(checkers)("with %s nothing is placed", (checker) => {
  const refused = (words: readonly string[] = []) => {
    const { status, stderr } = runInstaller(["--from", released, ...words], [checker]);
    expect([status, filesIn(prefix), filesIn(home)]).toEqual([1, [], []]);
    return stderr;
  };

  test("where somebody else has signed", () => {
    makeRelease(newSigner());
    expect(refused()).toContain("SHA256SUMS is not signed by any key of this program: nothing was installed");
  });

  test("where the hashes were changed after they were signed", () => {
    writeFileSync(path.join(released, "SHA256SUMS"), `${"0".repeat(64)}  ${archive}\n`);
    expect(refused()).toContain("is not signed by any key");
  });

  test("where the signed comment was changed", () => {
    const file = path.join(released, "SHA256SUMS.minisig");
    writeFileSync(file, readFileSync(file, "utf8").replace("version:1.2.3", "version:1.2.4"));
    expect(refused()).toContain("is not signed by any key");
  });

  test("where what was signed is another version", () => {
    makeRelease(signer, "timestamp:0\tfile:SHA256SUMS\tversion:1.2.2\tcommit:abc");
    expect(refused()).toContain("the signature is good, but not for version 1.2.3");
  });

  test("where the archive is another", () => {
    writeFileSync(path.join(released, archive), "another");
    expect(refused()).toContain("is damaged or not what was released: nothing was installed");
  });

  test("where there is no signature", () => {
    rmSync(path.join(released, "SHA256SUMS.minisig"));
    expect(refused()).toContain("there is no SHA256SUMS.minisig in");
  });
});

test("what cannot be checked is said, and refused by who wants it so", () => {
  expect(runInstaller(["--from", released, "--require-signature"], [])).toMatchObject({ status: 1 });
  const { status, stdout } = runInstaller(["--from", released], []);
  expect(status).toBe(0);
  expect(stdout).toContain("NOT checked: who signed it. Neither minisign nor OpenSSL 3 is here");
});

test("PATH is told, and changed only for who asks", () => {
  const line = `export PATH="${prefix}/bin:$PATH"`;
  expect(runInstaller(["--from", released]).stdout).toContain(`is not in your PATH. To have it there: ${line}`);
  expect(filesIn(home)).toEqual([]);
  for (const _ of ["once", "and no more"]) runInstaller(["--from", released, "--modify-path"]);
  expect(readFileSync(path.join(home, ".profile"), "utf8")).toBe(`${line}\n`);
});

test.each([
  [["--frmo", "x"], "there is no option --frmo"],
  [["--from"], "--from wants a value"],
  [["--version", "../../x"], '"../../x" is no version'],
])("%j is a mistake, in one sentence", (words, sentence) => {
  const { status, stderr } = runInstaller(words);
  expect([status, stderr]).toEqual([2, `error: ${sentence}\n\nhint: sh install.sh --help\n`]);
});

test("a prefix that was not there is taken away too, after a refusal and by --uninstall, unless it holds something else", () => {
  rmSync(prefix, { recursive: true });
  expect(runInstaller(["--from", released, "--version", "9.9.9"]).status).toBe(1);
  expect(existsSync(prefix)).toBe(false);
  for (const _ of ["once", "over itself"]) expect(runInstaller(["--from", released]).status).toBe(0);
  expect(runInstaller(["--uninstall"])).toMatchObject({ status: 0, stderr: "" });
  expect(existsSync(prefix)).toBe(false);
  runInstaller(["--from", released]);
  writeFileSync(path.join(prefix, "mine"), "");
  expect(runInstaller(["--uninstall"]).status).toBe(0);
  expect(filesIn(prefix)).toEqual(["mine"]);
});

test.each([
  [[], "nobody has said where releases are", "say --base-url URL, or --from FOLDER"],
  [
    ["--from", "/nonexistent"],
    "there is no folder /nonexistent",
    "say the folder that holds the release's files: --from FOLDER",
  ],
])("%j says no place to install from: nothing is made", (words, sentence, hint) => {
  rmSync(prefix, { recursive: true });
  const { status, stdout, stderr } = runInstaller(words);
  expect([status, stdout, stderr]).toEqual([2, "", `error: ${sentence}\n\nhint: ${hint}\n`]);
  expect(existsSync(prefix)).toBe(false);
});

test("a prefix that is a file is refused in one sentence", () => {
  rmSync(prefix, { recursive: true });
  writeFileSync(prefix, "");
  const { status, stderr } = runInstaller(["--from", released]);
  expect([status, stderr]).toEqual([
    1,
    `error: ${prefix} cannot be written to\n\nhint: name another folder: --prefix FOLDER\n`,
  ]);
});

test("of a script that was cut off nothing runs", () => {
  const whole = installerText(template, { version: "1.2.3", address: "", keys: [signer.line] });
  const [script, bin] = [path.join(folder, "cut.sh"), pathWith(checkers)];
  // At each line but the last, which is the one that begins.
  const lines = whole.trimEnd().split("\n");
  for (let count = 1; count < lines.length; count += 11) {
    writeFileSync(script, lines.slice(0, count).join("\n"));
    const words = [script, "--prefix", prefix, "--from", released];
    expect(spawnSync("sh", words, { encoding: "utf8", env: { HOME: home, PATH: bin } }).stdout).toBe("");
  }
  expect(filesIn(prefix)).toEqual([]);
});

test.skipIf(!has("shellcheck"))("shellcheck finds nothing", () => {
  const words = ["--shell=sh", "--enable=all", "--exclude=SC2250,SC2292,SC2310,SC2312", "-"];
  expect(spawnSync("shellcheck", words, { input: template, encoding: "utf8" }).stdout).toBe("");
});

test("nothing that would not stay between its quotes gets into a script", () => {
  expect(() => installerText(template, { version: "1.2.3", address: "https://x/'; rm", keys: [] })).toThrow(
    "cannot stand in a script",
  );
});

test.skipIf(!has("pwsh"))("PowerShell can read its installer", () => {
  const file = path.join(folder, "install.ps1");
  const text = readFileSync(path.join(import.meta.dirname, "../../installers/install.ps1"), "utf8");
  writeFileSync(file, installerText(text, { version: "1.2.3", address: "", keys: [signer.line] }));
  const parse = `$problems = $null; [void][Management.Automation.Language.Parser]::ParseFile('${file}', [ref]$null, [ref]$problems); "$problems"`;
  expect(spawnSync("pwsh", ["-NoProfile", "-Command", parse], { encoding: "utf8" }).stdout.trim()).toBe("");
});
