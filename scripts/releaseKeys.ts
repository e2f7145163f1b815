/**
 * `node scripts/releaseKeys.ts FILE`: makes a pair of keys for releases, without a network: FILE.key, which only its owner may read,
 * locked with the password in RELEASE_SIGNING_PASSWORD, and FILE.pub; prints the line to pin. `--no-password` locks it with nothing.
 * docs/guide/release-keys.md says who does this, and where.
 */
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { newSigningKey, passwordVariable, publicKeyFile, secretKeyFile } from "@claude-orchestrator/release";

const exitCodeOfMistake = 2;

try {
  await main();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = exitCodeOfMistake;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { "no-password": { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new Error("say where to: node scripts/releaseKeys.ts FILE");
  const password = process.env[passwordVariable] ?? "";
  if (password === "" && !values["no-password"]) {
    throw new Error(`set ${passwordVariable} to what the key is to be locked with, or say --no-password`);
  }
  const there = [`${name}.key`, `${name}.pub`].find((file) => existsSync(file));
  if (there !== undefined) {
    throw new Error(`${there} is there already, and no key is written over: name another file, or move that one away`);
  }
  const key = newSigningKey();
  // `wx`: nor one that has come meanwhile.
  const once = { flag: "wx", mode: 0o600 } as const;
  writeFileSync(`${name}.key`, await secretKeyFile(key, values["no-password"] ? undefined : password), once);
  writeFileSync(`${name}.pub`, publicKeyFile(key), { ...once, mode: 0o644 });
  console.log(
    `${name}.key is for its owner alone; ${name}.pub is for everybody. To pin it, write into releaseKeys.ts:`,
  );
  console.log(`  { line: "${key.publicLine}", from: "${new Date().toISOString().slice(0, 10)}" },`);
}
