import { inspectManifest } from "./inspectManifest.ts";
import type { Checksum } from "../checksums/checksums.ts";
import type { Finding } from "./verification.ts";

/** A folder whose list is signed, and whose files are what the list says. */
export interface SignedFolder {
  readonly folder: string;
  readonly checksums: readonly Checksum[];
}

/** Looks at what hashes alone do not tell. Answers what is not right; nothing where all is, or where there is nothing of its kind. */
type Inspection = (signed: SignedFolder) => Promise<readonly Finding[]>;

/** In this order; metadata of updates joins here. */
export const inspections: readonly Inspection[] = [inspectManifest];
