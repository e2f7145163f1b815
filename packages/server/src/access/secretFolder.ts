import { createHash, randomBytes } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/**
 * Secrets of one kind, each a file with the name of its SHA-256: what is kept tells nobody the secret, to take one away is to remove
 * a file, and of two who take the same one only one succeeds. Several programs use it at once.
 */
export class SecretFolder<Entry extends { readonly expiresAt: number }> {
  readonly #path: string;
  readonly #read: (value: unknown) => Entry | undefined;

  /** @param read undefined for what this program did not write */
  constructor(path: string, read: (value: unknown) => Entry | undefined) {
    this.#path = path;
    this.#read = read;
  }

  put(secret: string, entry: Entry): void {
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
    const file = this.#fileOf(secret);
    const draft = `${file}.${process.pid}.tmp`;
    writeFileSync(draft, JSON.stringify(entry), { mode: 0o600 });
    renameSync(draft, file);
  }

  /** Undefined where it is not there, or has expired: then it is removed. */
  get(secret: string, now: number): Entry | undefined {
    return this.#entryAt(this.#fileOf(secret), now);
  }

  /** As `get`, and gone for good: of all who ask, one is given it. */
  take(secret: string, now: number): Entry | undefined {
    const entry = this.get(secret, now);
    return entry !== undefined && remove(this.#fileOf(secret)) ? entry : undefined;
  }

  remove(secret: string): void {
    remove(this.#fileOf(secret));
  }

  /** Those that have not expired. */
  list(now: number): readonly Entry[] {
    return this.#names().flatMap((name) => this.#entryAt(join(this.#path, name), now) ?? []);
  }

  /** Whether there were any that match. */
  removeWhere(matches: (entry: Entry) => boolean, now: number): boolean {
    const found = this.#names().filter((name) => {
      const entry = this.#entryAt(join(this.#path, name), now);
      return entry !== undefined && matches(entry);
    });
    return found.map((name) => remove(join(this.#path, name))).includes(true);
  }

  /** Notes that it was used: the file's time says when. */
  touch(secret: string, now: number): void {
    try {
      utimesSync(this.#fileOf(secret), now / 1000, now / 1000);
    } catch {
      // Revoked in the same moment: there is nothing to note any more.
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#path).filter((name) => /^[0-9a-f]{64}$/.test(name));
    } catch {
      // Nothing was ever put there.
      return [];
    }
  }

  #entryAt(file: string, now: number): Entry | undefined {
    const entry = this.#read(parsed(file));
    if (entry === undefined || entry.expiresAt > now) return entry;
    rmSync(file, { force: true });
    return undefined;
  }

  #fileOf(secret: string): string {
    return join(this.#path, createHash("sha256").update(secret).digest("hex"));
  }
}

/** 256 bits that nobody guesses, in letters that fit into an address. */
export function makeSecret(): string {
  return randomBytes(32).toString("base64url");
}

function remove(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    // Not there, or not ours: either way it opens nothing.
    return undefined;
  }
}
