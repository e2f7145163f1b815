/** What one file is found to be. */
export type Standing =
  /** Signed, or in the signed list with this very content. */
  | "right"
  /** There, and not what was signed. */
  | "wrong"
  /** In the signed list, or needed to believe it, and not there. */
  | "missing"
  /** There, and nobody has signed it. */
  | "foreign"
  /** An attestation that says nothing but what the signed list says, and whose own signature cannot be checked here. */
  | "unproved";

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

/** What there is to know of something that is not wrong. */
export interface Note {
  readonly isWarning: boolean;
  readonly text: string;
}

export interface Verification {
  /** True only where something is right, and everything else that was looked at is right or unproved. */
  readonly isVerified: boolean;
  readonly signer?: Signer;
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
}

export function verificationOf(
  findings: readonly Finding[],
  signer?: Signer,
  notes: readonly Note[] = [],
): Verification {
  const isRight = findings.some(({ standing }) => standing === "right");
  const isVerified =
    signer !== undefined &&
    isRight &&
    findings.every(({ standing }) => standing === "right" || standing === "unproved");
  return { isVerified, findings, notes, ...(signer === undefined ? {} : { signer }) };
}
