import { spawnSync } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./places.ts";

/** What a release is for one machine, by what its names end with. */
export interface Forms {
  readonly folder: string;
  /** The file whose name fits. @throws Error where there is none */
  find(pattern: RegExp): string;
}

/** Makes every form that carries the executable of Linux x64, compressed in a second. */
export function makeForms(folder: string, more: Readonly<Record<string, string>> = {}): Forms {
  const forms = ["exe", "archive", "wheel", "deb", "installers"].flatMap((form) => ["--only", form]);
  const words = ["scripts/release.ts", "--dry-run", "--no-build", "--output", folder, ...forms];
  const env = { ...process.env, RELEASE_EXE: "linux-x64", RELEASE_EXE_LEVEL: "3", ...more };
  const made = spawnSync(process.execPath, words, { cwd: root, env, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`the forms could not be made:\n${made.stdout}${made.stderr}`);
  if (!existsSync(path.join(folder, "SHA256SUMS"))) signAsTest(folder);
  chmodSync(folder, 0o755);
  return {
    folder,
    find(pattern) {
      const name = readdirSync(folder).find((each) => pattern.test(each));
      if (name === undefined) throw new Error(`nothing in ${folder} fits ${String(pattern)}`);
      return path.join(folder, name);
    },
  };
}

/** With the key that anybody can make. */
function signAsTest(folder: string): void {
  const manifest = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as {
    readonly version: string;
    readonly artifacts: readonly { readonly path: string; readonly sha256: string }[];
  };
  const sums = Buffer.from(manifest.artifacts.map((each) => `${each.sha256}  ${each.path}\n`).join(""));
  const seed = createHash("sha256").update("claude-orchestrator: a test key, which signs no release").digest();
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const secret = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const raw = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(12);
  const number = createHash("sha256").update(raw).digest().subarray(0, 8);
  const first = sign(null, createHash("blake2b512").update(sums).digest(), secret);
  const comment = `timestamp:0\tfile:SHA256SUMS\tversion:${manifest.version}\tcommit:unknown\tTEST KEY, NOT A RELEASE`;
  const second = sign(null, Buffer.concat([first, Buffer.from(comment)]), secret);
  const line = Buffer.concat([Buffer.from("ED"), number, first]).toString("base64");
  writeFileSync(path.join(folder, "SHA256SUMS"), sums);
  writeFileSync(
    path.join(folder, "SHA256SUMS.minisig"),
    `untrusted comment: a test\n${line}\ntrusted comment: ${comment}\n${second.toString("base64")}\n`,
  );
}
