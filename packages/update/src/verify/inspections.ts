import { inspectManifest } from "./inspectManifest.ts";
import { inspectUpdates } from "./inspectUpdates.ts";
import type { Checksum } from "../checksums/checksums.ts";
import type { Believed } from "./believe.ts";
import type { Finding, Note, Signer } from "./verification.ts";

/** A folder whose list is signed, and whose files are what the list says. */
export interface SignedFolder {
  readonly folder: string;
  readonly checksums: readonly Checksum[];
  readonly signer: Signer;
  readonly believed: Believed;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is not right; and what else there is to say where nothing is wrong. */
export interface Inspected {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
}

/** Looks at what hashes alone do not tell. Nothing is found where all is right, or where there is nothing of its kind. */
type Inspection = (signed: SignedFolder) => Promise<Inspected>;

/** In this order. */
export const inspections: readonly Inspection[] = [inspectManifest, inspectUpdates];
