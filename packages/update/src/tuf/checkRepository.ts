import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTrust } from "./trustFolder.ts";
import type { UpdateSource } from "./updateSource.ts";

const roles = ["root", "timestamp", "snapshot", "targets"] as const;

/** A repository whose parts are signed and belong together, on whatever day. */
export interface CheckedRepository {
  readonly roles: readonly RoleState[];
  readonly targets: readonly CheckedTarget[];
}

interface RoleState {
  readonly name: (typeof roles)[number];
  readonly version: number;
  /** Milliseconds since 1970: from then on no update is taken from it. */
  readonly expires: number;
}

/** A file it offers. */
export interface CheckedTarget {
  readonly name: string;
  readonly sha256: string;
}

/**
 * Reads a repository as an update does, by the same client, but for the day: what has expired since is still what was signed. Nothing
 * of it is believed from then on.
 *
 * @throws Error as tuf-js does, where it is not what the root's keys have signed
 */
export async function checkRepository(source: UpdateSource, root: string): Promise<CheckedRepository> {
  const trust = mkdtempSync(join(tmpdir(), "claude-orchestrator-verify-"));
  try {
    const work = openTrust(trust, root);
    const { makeUpdater } = await import("./makeUpdater.ts");
    await makeUpdater(source, work, { asOf: new Date(0) }).refresh();
    const signed = (name: string): SignedPart =>
      (JSON.parse(readFileSync(join(work, `${name}.json`), "utf8")) as { readonly signed: SignedPart }).signed;
    return {
      roles: roles.map((name) => ({ name, version: signed(name).version, expires: Date.parse(signed(name).expires) })),
      targets: Object.entries(signed("targets").targets ?? {}).map(([name, { hashes }]) => ({
        name,
        sha256: hashes.sha256 ?? "",
      })),
    };
  } finally {
    rmSync(trust, { recursive: true, force: true });
  }
}

/** As tuf-js has found it to be. */
interface SignedPart {
  readonly version: number;
  readonly expires: string;
  readonly targets?: Readonly<Record<string, { readonly hashes: { readonly sha256?: string } }>>;
}
