import { formatAmount, formatCost, formatDuration, formatTokens } from "@claude-orchestrator/domain";
import type { Basis, InstanceForecast, InstancePlan, LimitForecast, Plan } from "@claude-orchestrator/domain";
import type { ForecastOfPlan } from "../forecast/forecastPlan.ts";
import type { Line, Span } from "./text/line.ts";
import { line, span, wrapText } from "./text/line.ts";
import { layTable } from "./text/table.ts";
import { counted, scopeText } from "./words.ts";

const columns = [
  { title: "", rank: 9, shrinkTo: 8 },
  { title: "tokens p50", rank: 6, align: "right" },
  { title: "p90", rank: 7, align: "right" },
  { title: "cost p50", rank: 4, align: "right" },
  { title: "p90", rank: 8, align: "right" },
  { title: "time p50", rank: 3, align: "right" },
  { title: "p90", rank: 5, align: "right" },
  { title: "from", rank: 2, shrinkTo: 12 },
] as const;

/** What a run of the plan is expected to take: by instance, in all, and beside its budgets. */
export function forecastLines(plan: Plan, of: ForecastOfPlan, width: number): readonly Line[] {
  const { forecast } = of;
  const byName = new Map(plan.instances.map((instance) => [instance.name, instance] as const));
  const rows = forecast.instances.map((each) => [
    span(each.name, "strong"),
    ...figures(each),
    ...from(each, byName.get(each.name)),
  ]);
  return [
    line(""),
    line("Forecast", "accent"),
    ...wrapText(sourceSentence(of), width - 2).map((each) => line(`  ${each}`, of.runs === 0 ? "warn" : "quiet")),
    ...layTable(columns, [...rows, [span("the run", "strong"), ...figures(forecast)]], { width: width - 2 }).map(
      (row): Line => [span("  "), ...row],
    ),
    ...forecast.limits.flatMap((each) =>
      wrapText(limitSentence(each), width - 2).map((text) => line(`  ${text}`, toneOf(each))),
    ),
  ];
}

function sourceSentence({ runs, runsFolder }: ForecastOfPlan): string {
  return runs === 0
    ? `No run of this workspace is in ${runsFolder} yet: what follows is assumed, a conservative guess`
    : `From ${counted(runs, "run")} of this workspace in ${runsFolder}; one run in ten takes more than its p90`;
}

function figures({
  tokens,
  costUsd,
  durationMs,
}: Pick<InstanceForecast, "tokens" | "costUsd" | "durationMs">): readonly Span[] {
  return [
    span(formatTokens(tokens.p50)),
    span(formatTokens(tokens.p90)),
    span(formatCost(costUsd?.p50)),
    span(formatCost(costUsd?.p90)),
    span(formatDuration(durationMs.p50)),
    span(formatDuration(durationMs.p90)),
  ];
}

function from({ basis, chance }: InstanceForecast, instance: InstancePlan | undefined): readonly Span[] {
  const seldom = chance < 1 ? `; runs in ${percent(chance)} of runs` : "";
  const tone = basis.kind === "prior" ? "warn" : "quiet";
  return [span(`${instance === undefined ? "" : basisText(basis, instance)}${seldom}`, tone)];
}

/** "12 runs of this instance", "34 runs of /review with claude-sonnet-4-5". */
function basisText(basis: Basis, { group, commandKey = "", agent, model }: InstancePlan): string {
  if (agent === "command" && (basis.kind === "agent" || basis.kind === "model")) {
    return `${counted(basis.count, "run")} of programs`;
  }
  const withModel = model ?? `${agent}'s own model`;
  switch (basis.kind) {
    case "instance":
      return `${counted(basis.count, "run")} of this instance`;
    case "group":
      return `${counted(basis.count, "run")} of ${group}`;
    case "command":
      return `${counted(basis.count, "run")} of ${commandKey} with ${withModel}`;
    case "model":
      return `${counted(basis.count, "run")} with ${withModel}`;
    case "agent":
      return `${counted(basis.count, "run")} of ${agent} with other models`;
    case "prior":
      return "assumed: nothing like it has run here";
  }
}

/** "run: p90 of $3.2000 is over its $2.0000 (61 % of runs would be)". */
function limitSentence({ limit, amount, over = 0 }: LimitForecast): string {
  const whose = scopeText(limit.scope);
  const most = formatAmount(limit.unit, limit.limit);
  if (amount === undefined) return `${whose}: whether it stays within ${most} cannot be said, a price is not known`;
  const p90 = formatAmount(limit.unit, amount.p90);
  const share = `${percent(over)} of runs would need more`;
  return amount.p90 > limit.limit
    ? `${whose}: p90 of ${p90} is over its ${most} (${share}), then ${limit.enforcement}`
    : `${whose}: p90 of ${p90} fits its ${most} (${share})`;
}

function toneOf({ limit, amount }: LimitForecast): "warn" | "good" {
  return amount === undefined || amount.p90 > limit.limit ? "warn" : "good";
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
