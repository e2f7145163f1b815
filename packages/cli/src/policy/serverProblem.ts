import { UserError } from "@claude-orchestrator/domain";
import { askAdministrator } from "./refusal.ts";
import { readPolicy } from "./readPolicy.ts";

/** Why a server may not listen there, by the policy of this machine. @throws UserError policy-not-usable */
export async function serverProblem(host: string): Promise<UserError | undefined> {
  const lock = (await readPolicy())?.locks.server;
  if (lock === undefined) return undefined;
  const { value, at } = lock;
  if (value === "off") {
    return new UserError("refused-by-policy", `The policy of this machine has no server here (${at})`, {
      hint: askAdministrator,
    });
  }
  if (value.addresses.includes(host === "localhost" ? "127.0.0.1" : host)) return undefined;
  const message = `The server may not listen at ${host}: the policy allows ${value.addresses.join(", ")} (${at})`;
  return new UserError("refused-by-policy", message, { hint: `add \`--host ${value.addresses[0] ?? ""}\`` });
}
