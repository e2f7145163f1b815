import { UserError } from "@claude-orchestrator/domain";
import type { Finding } from "../doctor/checkup.ts";
import { lockedSentence } from "./lockedSentence.ts";
import { readPolicy } from "./readPolicy.ts";

/** What `doctor` says of the policy of this machine: one that cannot be used keeps everything from working. */
export async function policyFinding(): Promise<Finding> {
  const what = "policy";
  try {
    const policy = await readPolicy();
    return { state: "good", what, detail: policy === undefined ? "none on this machine" : lockedSentence(policy) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error;
    return { state: "bad", what, detail: message, ...(hint === undefined ? {} : { fix: hint }) };
  }
}
