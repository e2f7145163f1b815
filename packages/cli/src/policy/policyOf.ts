import { agents } from "@claude-orchestrator/agents";
import { decodeConfig, formatProblems, loadPolicy } from "@claude-orchestrator/config/file";
import type { Policy } from "@claude-orchestrator/config/file";
import { UserError } from "@claude-orchestrator/domain";
import { counted } from "../views/words.ts";

/** @throws UserError policy-not-usable with everything that is wrong at once */
export function policyOf(bytes: Uint8Array, source: string): Policy {
  const decoded = decodeConfig(bytes);
  if ("message" in decoded) {
    const { line, column, message, hint } = decoded;
    throw new UserError(
      "policy-not-usable",
      `${source}:${line}:${column}: ${message}`,
      hint === undefined ? {} : { hint },
    );
  }
  const loaded = loadPolicy(decoded.text, { fileName: source, knownAgents: agents.map(({ name }) => name) });
  if ("policy" in loaded) return loaded.policy;
  const { problems } = loaded;
  throw new UserError(
    "policy-not-usable",
    `The policy of this machine, ${source}, has ${counted(problems.length, "problem")}, so nothing is done\n\n${formatProblems(problems)}`,
  );
}
