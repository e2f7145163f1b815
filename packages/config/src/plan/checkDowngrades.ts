import { claudeModelOf, limitCovers, priceOf } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import { fieldPath, type Draft } from "../expand/draft.ts";
import type { GatewayFields } from "../schema/gatewaySchema.ts";
import { quoted } from "../shown.ts";
import type { Path } from "../source/sourceNode.ts";

interface Downgrades {
  readonly limits: readonly BudgetLimit[];
  readonly drafts: readonly Draft[];
  readonly instances: readonly InstancePlan[];
  readonly reporter: Reporter;
  readonly gateway: GatewayFields | null | undefined;
}

/** Whose models these agents ask; the others may ask anybody's. */
const vendors: ReadonlyMap<string, string> = new Map([
  ["claude", "anthropic"],
  ["codex", "openai"],
  ["gemini", "google"],
]);

/** Reports cheaper models that could not be gone on with: of a price nobody knows under dollars, or of another vendor. */
export function checkDowngrades({ limits, drafts, instances, reporter, gateway }: Downgrades): void {
  // What has no known price is let through, uncounted, where the file asks for that.
  const allowsUnpriced = typeof gateway === "object" && gateway?.allow_unpriced === true;
  const told = new Set<string>();
  for (const { limit, place } of limits.flatMap((each) => placesOf(each, drafts, reporter))) {
    const wrong = wrongModel(limit, instances, allowsUnpriced);
    if (wrong === undefined || told.has(JSON.stringify(place))) continue;
    told.add(JSON.stringify(place));
    reporter.at(place, wrong.message, { hint: wrong.hint });
  }
}

function placesOf(
  limit: BudgetLimit,
  drafts: readonly Draft[],
  reporter: Reporter,
): readonly { readonly limit: BudgetLimit; readonly place: Path }[] {
  const { scope, downgrade } = limit;
  if (downgrade === undefined) return [];
  const field = ["budget", "on_exceed", "downgrade"];
  if (!("instance" in scope)) return [{ limit, place: field }];
  const draft = drafts.find(({ name }) => name === scope.instance);
  return draft === undefined ? [] : [{ limit, place: fieldPath(draft, field, reporter) }];
}

function wrongModel(
  limit: BudgetLimit,
  instances: readonly InstancePlan[],
  allowsUnpriced: boolean,
): { readonly message: string; readonly hint: string } | undefined {
  const { downgrade = "", unit } = limit;
  const entry = priceOf(claudeModelOf(downgrade));
  const covered = instances.filter((instance) => limitCovers(limit, instance));
  const asking = covered.filter(({ agent }) => vendors.has(agent));
  const foreign = entry === undefined ? undefined : asking.find(({ agent }) => vendors.get(agent) !== entry.vendor);
  if (entry !== undefined && foreign !== undefined) {
    return {
      message: `${quoted(downgrade)} is a model of ${entry.vendor}, which ${foreign.agent}, the agent of ${quoted(foreign.name)}, does not run`,
      hint: "write `on_exceed` in the `budget` of each instance, with a model of its agent",
    };
  }
  if (entry !== undefined || allowsUnpriced || unit === "tokens" || asking.length === 0) return undefined;
  return {
    message: `the price of ${quoted(downgrade)} is not known, so a budget in dollars cannot hold what goes on with it`,
    hint: "name a model with a known price, such as haiku, or give the budget in `tokens`",
  };
}
