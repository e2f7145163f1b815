/** What one file is found to be. */
export type Standing =
  /** Signed, or in the signed list with this very content. */
  | "right"
  /** There, and not what was signed. */
  | "wrong"
  /** In the signed list, or needed to believe it, and not there. */
  | "missing"
  /** There, and nobody has signed it. */
  | "foreign";

export interface Finding {
  /** Relative to what was looked at, with forward slashes. */
  readonly path: string;
  readonly standing: Standing;
  /** In a person's words. Present wherever something is not right. */
  readonly why?: string;
}

/** Whose word a verification rests on. */
export interface Signer {
  readonly keyId: string;
  readonly isTest: boolean;
  /** What the signer wrote and signed beside the file: time, name, version. */
  readonly comment?: string;
}

export interface Verification {
  /** True only where everything that was looked at is right, and something was. */
  readonly isVerified: boolean;
  readonly signer?: Signer;
  readonly findings: readonly Finding[];
}

export function verificationOf(findings: readonly Finding[], signer?: Signer): Verification {
  const isVerified = signer !== undefined && findings.every(({ standing }) => standing === "right");
  return { isVerified, findings, ...(signer === undefined ? {} : { signer }) };
}
