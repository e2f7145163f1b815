import type { ReleaseKey } from "../keys/releaseKeys.ts";
import { signatureProblem } from "../minisign/checkSignature.ts";
import type { Signature } from "../minisign/parseSignature.ts";
import type { Signer } from "./verification.ts";

/** Which keys count. */
export interface Believed {
  readonly keys: readonly ReleaseKey[];
  readonly allowTestKey: boolean;
  /** The root of updates that a person names. */
  readonly updateRoot?: string | undefined;
  /** The one in the program, where it is not this program's. */
  readonly pinnedUpdateRoot?: string | undefined;
}

interface Refusal {
  readonly why: string;
}

/** Whose signature it is; else why nobody's whose word counts. */
export async function checkedAgainst(
  signature: Signature,
  { keys, allowTestKey }: Believed,
  content: AsyncIterable<Uint8Array>,
): Promise<Signer | Refusal> {
  const key = keys.find(({ id }) => id === signature.keyId);
  if (key === undefined) return { why: `it is signed with a key that is not known here: ${signature.keyId}` };
  const problem = await signatureProblem(signature, key, content);
  if (problem !== undefined) return { why: problem };
  if (key.isTest && !allowTestKey) return { why: "it is signed with a test key: not a release" };
  const comment = signature.trusted?.comment;
  const late = outsideValidity(key, comment);
  if (late !== undefined) return { why: late };
  return { keyId: key.id, isTest: key.isTest, ...(comment === undefined ? {} : { comment }) };
}

/** A key with an end needs a signed date: a signature without one (signify's) could be of any day. */
function outsideValidity({ id, from, until }: ReleaseKey, comment: string | undefined): string | undefined {
  if (from === undefined && until === undefined) return undefined;
  const at = Number(/^timestamp:(\d{1,11})(?:\s|$)/.exec(comment ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(at)) return `it says no date, and key ${id} counts for a time only`;
  if (from !== undefined && at < from) return `it says that it is of a day before key ${id} was in use`;
  return until !== undefined && at >= until ? `it is of a day after key ${id} was put out of use` : undefined;
}
