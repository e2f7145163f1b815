import { defaultBreakers, type BreakerPolicy } from "@claude-orchestrator/domain";
import { filled } from "../filled.ts";
import type { FileFields } from "../schema/fileSchema.ts";

/** When an attempt's requests look wrong; nothing where the file says nothing of it. */
export function toBreakers({ breakers }: FileFields): { readonly breakers?: BreakerPolicy } {
  if (breakers === undefined || breakers === null) return {};
  if (breakers === "off") {
    return { breakers: { ...defaultBreakers, identicalRequests: 0, subAgents: 0, contextGrowth: 0 } };
  }
  const {
    on_trip: onTrip,
    identical_requests: identicalRequests,
    sub_agents: subAgents,
    context_growth: contextGrowth,
  } = filled(breakers);
  return { breakers: { ...defaultBreakers, ...filled({ onTrip, identicalRequests, subAgents, contextGrowth }) } };
}
