import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testSigningKeys, writeRoot, writeTargets } from "@claude-orchestrator/release";
import type { NewTarget, Signing } from "@claude-orchestrator/release";

/** What a test offers: the bytes of a file, and what is said of it. */
export interface Offer {
  readonly version: string;
  readonly bytes: string | Uint8Array;
  readonly platform?: string;
  readonly channel?: string;
  readonly path?: string;
  readonly minFrom?: string;
}

export const testPlatform = "linux-x64";

/** A repository in a scratch folder, made by what makes the real one, with keys anybody has. */
export interface TestRepository extends Disposable {
  /** Where everything of the test goes. */
  readonly scratch: string;
  readonly folder: string;
  /** The first root: what the program believes by itself. */
  readonly root: string;
  readonly signing: Signing;
  /** The next state of it. */
  offer(offers: readonly Offer[], changes?: Partial<Signing>): void;
  /** A copy of its present state. */
  copy(name: string): string;
}

/** Seconds since 1970. */
export const now = (): number => Math.floor(Date.now() / 1000);

export function makeTestRepository(offers: readonly Offer[], changes: Partial<Signing> = {}): TestRepository {
  const scratch = mkdtempSync(join(tmpdir(), "claude-orchestrator update-"));
  const folder = join(scratch, "repository");
  const signing: Signing = { at: now(), keys: testSigningKeys(), ...changes };
  const root = readFileSync(writeRoot(folder, signing), "utf8");
  const offer = (some: readonly Offer[], other: Partial<Signing> = {}): void => {
    writeTargets(
      folder,
      some.map((each) => newTarget(scratch, each)),
      { ...signing, ...other },
    );
  };
  offer(offers);
  return {
    scratch,
    folder,
    root,
    signing,
    offer,
    copy(name) {
      cpSync(folder, join(scratch, name), { recursive: true });
      return join(scratch, name);
    },
    [Symbol.dispose]: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

function newTarget(scratch: string, offer: Offer): NewTarget {
  const { version, bytes, platform = testPlatform, channel = "stable", minFrom } = offer;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  mkdirSync(join(scratch, "sources"), { recursive: true });
  const source = join(scratch, "sources", sha256);
  writeFileSync(source, bytes);
  const custom = { version, channel, platform, ...(minFrom === undefined ? {} : { min_from: minFrom }) };
  const path = offer.path ?? `claude-orchestrator-${version}-${platform}`;
  return { source, path, sha256, length: Buffer.byteLength(bytes), custom };
}
