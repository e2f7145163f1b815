import type { Policy } from "@claude-orchestrator/config/file";
import { policyBytes, policyFile } from "./policyText.ts";
import type { PolicyPlace } from "./policyText.ts";

/**
 * What is locked on this machine, read anew at each decision; undefined where nothing is.
 *
 * @throws UserError policy-not-usable: what cannot be read or understood is never taken for no policy
 */
export async function readPolicy(place?: PolicyPlace): Promise<Policy | undefined> {
  if (process.platform === "win32") return await readRegistry();
  const bytes = policyBytes(place);
  if (bytes === undefined) return undefined;
  // Apart, since it brings the readers of YAML and the schema along: most machines have no policy.
  const { policyOf } = await import("./policyOf.ts");
  return policyOf(bytes, place?.path ?? policyFile);
}

async function readRegistry(): Promise<Policy | undefined> {
  const { registryKey, registryPolicy } = await import("@claude-orchestrator/host");
  const text = registryPolicy();
  if (text === undefined) return undefined;
  const { policyOf } = await import("./policyOf.ts");
  return policyOf(Buffer.from(text), registryKey);
}
