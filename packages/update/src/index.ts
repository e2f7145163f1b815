export { type Checksum, formatChecksums, parseChecksums } from "./checksums/checksums.ts";
export { pinnedKeys, type ReleaseKey } from "./keys/releaseKeys.ts";
export { parsePublicKey, type PublicKey } from "./minisign/publicKey.ts";
export type { Believed } from "./verify/believe.ts";
export type { Finding, Standing, Verification } from "./verify/verification.ts";
export { verifyFile } from "./verify/verifyFile.ts";
export { verifyFolder } from "./verify/verifyFolder.ts";
export type { Unreadable } from "./unreadable.ts";
