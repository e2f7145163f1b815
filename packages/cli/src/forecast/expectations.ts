import { forecastRun, historyOf } from "@claude-orchestrator/domain";
import type { InstanceForecast, InstancePlan, Plan, RunState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { damagedSentence, readPastRuns } from "./readPastRuns.ts";

/**
 * The plan with what each instance is expected to take (`admission: p90`). A run that is taken up decides by what it was begun
 * with. Of what nothing like has run, only guesses could be said: no start is refused for those.
 *
 * @throws UserError file-not-readable where the runs of the past cannot be looked at
 */
export function withExpectations(plan: Plan, runsDir: string | undefined, io: Io, state?: RunState): Plan {
  if (plan.admission === undefined) return plan;
  if (state?.plan.admission !== undefined) return asBegun(plan, state.plan);
  const past = readPastRuns(oldRunsFolder(io, runsDir));
  const forecast = forecastRun(plan, historyOf(past.runs, plan.workspace));
  const expected = new Map(forecast.instances.map((each) => [each.name, each] as const));
  const instances = plan.instances.map((instance) => withExpected(instance, expected.get(instance.name)));
  const unknown = instances.filter((instance) => instance.expected === undefined).map(({ name }) => `\`${name}\``);
  const notices = [
    ...plan.notices,
    ...past.damaged.map(({ id, damaged }) => damagedSentence(id, damaged)),
    ...(unknown.length === 0
      ? []
      : [`\`admission: p90\` says nothing yet of ${unknown.join(", ")}: nothing like it has run here`]),
  ];
  return { ...plan, instances, notices };
}

function withExpected(instance: InstancePlan, forecast: InstanceForecast | undefined): InstancePlan {
  if (forecast === undefined || forecast.basis.kind === "prior") return instance;
  const { tokens, costUsd } = forecast;
  const cost = costUsd === undefined ? {} : { costUsd: costUsd.p90 };
  return { ...instance, expected: { tokens: Math.round(tokens.p90), ...cost } };
}

function asBegun(plan: Plan, begun: Plan): Plan {
  const before = new Map(begun.instances.map(({ name, expected }) => [name, expected] as const));
  const instances = plan.instances.map((instance) => {
    const expected = before.get(instance.name);
    return expected === undefined ? instance : { ...instance, expected };
  });
  return { ...plan, instances };
}
