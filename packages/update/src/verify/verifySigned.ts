import { checkedAgainst } from "./believe.ts";
import type { Believed } from "./believe.ts";
import { longestSignature, parseSignature } from "../minisign/parseSignature.ts";
import { readSmall } from "./readFiles.ts";
import type { Finding, Signer } from "./verification.ts";

export interface Signed {
  /** As it is called in what is reported. */
  readonly name: string;
  readonly signatureFile: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** A finding about something signed, and who signed it where it is right. */
interface SignedFinding {
  readonly finding: Finding;
  readonly signer?: Signer;
}

/** Holds a content against its detached signature. */
export async function verifySigned(signed: Signed, believed: Believed): Promise<SignedFinding> {
  const { name, signatureFile, content } = signed;
  const wrong = (why: string): SignedFinding => ({ finding: { path: name, standing: "wrong", why } });
  const bytes = await readSmall(signatureFile, longestSignature);
  if (bytes === undefined) return wrong("its signature is no plain file, or longer than any signature");
  const signature = parseSignature(bytes);
  if ("problem" in signature) return wrong(`its signature cannot be read: ${signature.problem}`);
  const answer = await checkedAgainst(signature, believed, content);
  return "why" in answer ? wrong(answer.why) : { finding: { path: name, standing: "right" }, signer: answer };
}
