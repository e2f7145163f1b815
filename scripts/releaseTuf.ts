/**
 * The repository of updates, for those who keep its keys (docs/guide/updating.md says who does what, and when):
 *
 *     node scripts/releaseTuf.ts keys FOLDER NAME…               makes keys: root-1 … root-3, targets-1, targets-2, snapshot-1, timestamp-1
 *     node scripts/releaseTuf.ts root REPOSITORY --keys FOLDER [--before FOLDER]    writes the next root, signed by the keys there are
 *     node scripts/releaseTuf.ts sign FILE --keys FOLDER [--before FOLDER]          adds the signatures of another keeper to a root
 *     node scripts/releaseTuf.ts targets REPOSITORY --keys FOLDER                   signs what is offered anew, after its keys changed
 *     node scripts/releaseTuf.ts timestamp REPOSITORY [--keys FOLDER] [--days N] [--new FOLDER]    says anew that the newest is the newest;
 *                   without keys by RELEASE_TUF_SNAPSHOT_KEY and RELEASE_TUF_TIMESTAMP_KEY; `--new` copies what was written to there
 *     node scripts/releaseTuf.ts pin FILE                         puts a root into the program
 */
import { generateKeyPairSync } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  addSignatures,
  offeredTargets,
  readBelievedKeys,
  readOnlineKeys,
  readSigningKeys,
  refuseStrangers,
  writeRoot,
  writeSnapshot,
  writeTargets,
  type SigningKeys,
} from "@claude-orchestrator/release";
import { root as clone } from "./lib/command.ts";

const exitCodeOfMistake = 2;

try {
  main();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = exitCodeOfMistake;
}

function main(): void {
  const { values, positionals } = parseArgs({
    options: {
      keys: { type: "string" },
      before: { type: "string" },
      days: { type: "string", default: "7" },
      new: { type: "string" },
    },
    allowPositionals: true,
  });
  const [what = "", place = "", ...names] = positionals;
  if (place === "") throw new Error("say what to do, and where: keys, root, sign, targets, timestamp or pin");
  const at = Math.floor(Date.now() / 1000);
  const keysFolder = (): string => given(values.keys, "--keys FOLDER");
  const before = values.before === undefined ? [] : readSigningKeys(values.before).root;
  if (what === "keys") return makeKeys(place, names);
  if (what === "pin") return pin(place);
  if (what === "root") {
    const signing = { at, keys: readSigningKeys(keysFolder()), believed: readBelievedKeys(keysFolder()) };
    const file = writeRoot(place, signing, before);
    return console.log(
      `${file}: signed by ${addSignatures(file, [])}; each root before it and it itself want two of theirs`,
    );
  }
  if (what === "sign") {
    const count = addSignatures(place, [...readSigningKeys(keysFolder()).root, ...before]);
    return console.log(`${place}: signed by ${count}`);
  }
  if (what === "targets")
    return writeTargets(place, offeredTargets(place), { at, keys: readSigningKeys(keysFolder()) });
  if (what !== "timestamp") throw new Error(`\`${what}\` is none of keys, root, sign, targets, timestamp and pin`);
  const keys = values.keys === undefined ? readOnlineKeys(process.env) : readSigningKeys(values.keys);
  renew(place, { keys, days: daysOf(values.days), handOver: values.new });
}

interface Renewal {
  readonly keys: SigningKeys;
  readonly days: number;
  /** Where copies of what was written go. */
  readonly handOver: string | undefined;
}

function renew(repository: string, { keys, days, handOver }: Renewal): void {
  const metadata = path.join(repository, "metadata");
  refuseStrangers(repository, keys);
  const before = new Set(readdirSync(metadata).filter((name) => name !== "timestamp.json"));
  const lives = { root: 365, targets: 90, snapshot: days, timestamp: days };
  writeSnapshot(repository, { at: Math.floor(Date.now() / 1000), keys, lives });
  console.log(`${repository}: believed for ${days} days from now`);
  if (handOver === undefined) return;
  mkdirSync(handOver, { recursive: true });
  for (const name of readdirSync(metadata).filter((each) => !before.has(each))) {
    copyFileSync(path.join(metadata, name), path.join(handOver, name));
  }
}

/** The longest is for what is carried to machines without a network: for so long newer versions can be held back from them. */
function daysOf(word: string): number {
  const days = Number(word);
  if (Number.isInteger(days) && days >= 1 && days <= 90) return days;
  throw new Error(`--days is a whole number from 1 to 90, not ${word}`);
}

function makeKeys(folder: string, names: readonly string[]): void {
  if (names.length === 0) throw new Error("say which: such as root-1");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of names) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const file = path.join(folder, name);
    // `wx`: a key that is there is never written over.
    writeFileSync(`${file}.pem`, privateKey.export({ format: "pem", type: "pkcs8" }), { flag: "wx", mode: 0o600 });
    writeFileSync(`${file}.pub`, publicKey.export({ format: "pem", type: "spki" }), { flag: "wx" });
    console.log(`${file}.pem is for its keeper alone; ${file}.pub is for everybody`);
  }
}

function pin(file: string): void {
  const target = path.join(clone, "packages/update/src/tuf/pinnedRoot.ts");
  const compact = JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
  const source = readFileSync(target, "utf8");
  const line = /^const pinned: string \| undefined =[^;]*;$/m;
  if (!line.test(source)) throw new Error(`${target} is not written as it was`);
  writeFileSync(
    target,
    source.replace(line, () => `const pinned: string | undefined =\n  ${JSON.stringify(compact)};`),
  );
  console.log(`${target}: \`npm run format\`, look at it, commit it`);
}

function given(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}
