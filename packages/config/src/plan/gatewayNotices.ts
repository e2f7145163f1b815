import type { Plan } from "@claude-orchestrator/domain";
import { quoted } from "../shown.ts";

/** What a plan without a gateway asks for and only a gateway measures, in sentences. */
export function gatewayNotices({
  gateway,
  limits,
  breakers,
}: Pick<Plan, "gateway" | "limits" | "breakers">): readonly string[] {
  if (gateway !== undefined) return [];
  const names = limits.flatMap(({ scope }) => (scope.kind === "sub_agent" ? [quoted(scope.instance)] : []));
  const whose = [...new Set(names)].join(", ");
  return [
    ...(whose === ""
      ? []
      : [`\`budget.sub_agent\` of ${whose} is not measured: only the gateway tells sub-agents apart, ${how}`]),
    ...(breakers === undefined ? [] : [`\`breakers\` watch nothing: only the gateway sees each request, ${how}`]),
  ];
}

const how = "and it is off (`gateway: on`, `--gateway on`)";
