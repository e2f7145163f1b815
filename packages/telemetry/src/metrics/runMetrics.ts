import { limitCovers, verdicts } from "@claude-orchestrator/domain";
import type {
  AttemptState,
  BudgetLimit,
  InstanceState,
  LoggedEvent,
  RunState,
  TokenUsage,
} from "@claude-orchestrator/domain";
import { instanceLabels, runLabel, scopeLabel } from "../labels.ts";
import { Histogram } from "./histogram.ts";
import type { MetricFamily, Sample } from "./metricFamily.ts";
import { Peaks } from "./peaks.ts";
import { processMetrics } from "./processMetrics.ts";

/** Models beyond this many are told together as `other`: agents name them, and a name costs Prometheus a series. */
const mostModels = 50;

/** In seconds: from a short answer to a long stream. */
const durationBounds = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

const waitingStates = ["waiting", "held", "retrying"] as const;

/** Kinds that never overlap: their sum is what a token budget counts. */
const tokenKinds: Readonly<Record<string, keyof TokenUsage>> = {
  input: "input",
  output: "output",
  cache_read: "cacheRead",
  cache_write_5m: "cacheWrite5m",
  cache_write_1h: "cacheWrite1h",
};

/** How a run stands at the moment of asking. */
export interface RunStanding {
  readonly state: RunState;
  readonly uses: readonly { readonly limit: BudgetLimit; readonly used: number }[];
}

/**
 * The metrics of one run. Labels are of closed lists or bounded by the plan; no prompt, answer or path is ever one. A counter
 * never goes back, though an agent may correct its own figures: it stays where it was until the corrected figure is over it.
 */
export class RunMetrics {
  readonly #models = new Set<string>();
  readonly #tokens = new Peaks();
  readonly #costs = new Peaks();
  readonly #settled = new Map<string, { readonly labels: Readonly<Record<string, string>>; count: number }>();
  readonly #durations = new Histogram("model", durationBounds);
  #seq = 0;

  /** Events of the log in order, from its first one on; those it has had are passed over. */
  take(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.#seq) continue;
      this.#seq = event.seq;
      if (event.type === "request-refused") this.#count({ model: this.#model(event.model), outcome: "refused" });
      if (event.type !== "request-settled") continue;
      const model = this.#model(event.model);
      this.#count({ model, outcome: event.outcome });
      this.#durations.observe(model, event.durationMs / 1000);
    }
  }

  families({ state, uses }: RunStanding): readonly MetricFamily[] {
    const instances = [...state.instances.values()];
    const attempts = instances.flatMap((instance) => instance.attempts);
    return [
      infoFamily(state),
      gauge("instances", "Instances of the run by where they stand", instanceSamples(instances)),
      ...this.#attemptFamilies(attempts),
      ...this.#spendingFamilies(instances),
      ...budgetFamilies(state, uses),
      ...this.#requestFamilies(attempts),
      ...processMetrics(),
    ];
  }

  #attemptFamilies(attempts: readonly AttemptState[]): readonly MetricFamily[] {
    const begun = countBy(attempts.map(({ agent }) => agent));
    const ended = countBy(attempts.flatMap(({ end }) => (end === undefined ? [] : [end.verdict])));
    return [
      counter("attempts", "Attempts begun", samplesOf("agent", begun)),
      counter("attempts_ended", "Attempts that have ended", samplesOf("verdict", ended)),
    ];
  }

  #spendingFamilies(instances: readonly InstanceState[]): readonly MetricFamily[] {
    const byModel = Map.groupBy(
      instances.flatMap(({ spent }) => Object.entries(spent.byModel)),
      ([name]) => this.#model(name),
    );
    for (const [model, entries] of byModel) {
      const spent = entries.map(([, each]) => each);
      if (spent.some(({ costUsd }) => costUsd !== undefined)) {
        this.#costs.reach({ model }, sum(spent.map(({ costUsd = 0 }) => costUsd)));
      }
      for (const [kind, field] of Object.entries(tokenKinds)) {
        this.#tokens.reach({ kind, model }, sum(spent.map(({ usage }) => usage[field])));
      }
    }
    return [
      counter("tokens", "Tokens by kind; the kinds do not overlap", this.#tokens.samples()),
      counter("cost_usd", "US dollars, of models whose price is known", this.#costs.samples()),
    ];
  }

  #requestFamilies(attempts: readonly AttemptState[]): readonly MetricFamily[] {
    const open = sum(attempts.map(({ requests }) => Object.keys(requests?.open ?? {}).length));
    const waiting = attempts.filter(({ end, last }) => end === undefined && last?.kind === "waiting").length;
    return [
      counter(
        "requests",
        "Requests to models through the gateway that are over, by how",
        [...this.#settled.values()].map(({ labels, count }) => ({ labels, value: count })),
      ),
      gauge("requests_in_flight", "Requests that have left and have not settled", [{ labels: {}, value: open }]),
      gauge("attempts_waiting", "Attempts whose request waits for a budget or the API", [
        { labels: {}, value: waiting },
      ]),
      {
        name: `${prefix}request_duration_seconds`,
        type: "histogram",
        help: "How long requests to models took through the gateway",
        samples: this.#durations.samples(),
      },
    ];
  }

  #count(labels: Readonly<Record<string, string>>): void {
    const key = JSON.stringify(labels);
    const counted = this.#settled.get(key) ?? { labels, count: 0 };
    counted.count += 1;
    this.#settled.set(key, counted);
  }

  #model(name = "unknown model"): string {
    const label = name.toWellFormed().slice(0, 100);
    if (!this.#models.has(label) && this.#models.size >= mostModels) return "other";
    this.#models.add(label);
    return label;
  }
}

const prefix = "claude_orchestrator_";

function counter(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name: `${prefix}${name}`, type: "counter", help, samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name: `${prefix}${name}`, type: "gauge", help, samples };
}

function infoFamily({ id, plan, source, version }: RunState): MetricFamily {
  const name = runLabel(plan, source !== undefined) ?? "";
  return gauge("run_info", "Which run this is; always 1", [{ labels: { run: id, name, version }, value: 1 }]);
}

function instanceSamples(instances: readonly InstanceState[]): readonly Sample[] {
  const counts = countBy(instances.map((instance) => standingOf(instance)));
  // Also where there is none: a series that comes and goes draws no line.
  const states = [...waitingStates, "running", ...verdicts];
  return states.map((state) => ({ labels: { state }, value: counts.get(state) ?? 0 }));
}

function standingOf({ phase }: InstanceState): string {
  if (phase.status === "settled") return phase.verdict;
  return waitingStates.find((each) => each === phase.status) ?? "running";
}

function budgetFamilies(state: RunState, uses: RunStanding["uses"]): readonly MetricFamily[] {
  const labels = instanceLabels(state.plan, state.source !== undefined);
  // Two limits may have one name outside; series must not: the tighter one is told.
  const told = new Map<
    string,
    { readonly labels: Readonly<Record<string, string>>; readonly use: RunStanding["uses"][number] }
  >();
  for (const use of uses) {
    const series = { scope: scopeLabel(use.limit.scope, labels), unit: use.limit.unit };
    const key = JSON.stringify(series);
    if ((told.get(key)?.use.limit.limit ?? Number.POSITIVE_INFINITY) > use.limit.limit)
      told.set(key, { labels: series, use });
  }
  const samples = (value: (use: RunStanding["uses"][number]) => number): readonly Sample[] =>
    [...told.values()].map((each) => ({ labels: each.labels, value: value(each.use) }));
  return [
    gauge(
      "budget_limit",
      "Budgets, in tokens or US dollars",
      samples(({ limit }) => limit.limit),
    ),
    gauge(
      "budget_used",
      "What is used of each budget",
      samples(({ used }) => used),
    ),
    gauge(
      "budget_reserved",
      "What is set aside of each budget for requests under way",
      samples(({ limit }) => reservedOf(state, limit)),
    ),
  ];
}

function reservedOf(state: RunState, limit: BudgetLimit): number {
  const covered = state.plan.instances.filter((instance) => limitCovers(limit, instance));
  const open = covered
    .flatMap(({ name }) => state.instances.get(name)?.attempts ?? [])
    .flatMap(({ requests }) => Object.values(requests?.open ?? {}));
  return sum(open.map(({ tokens, costUsd = 0 }) => (limit.unit === "tokens" ? tokens : costUsd)));
}

function countBy(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function samplesOf(label: string, counts: ReadonlyMap<string, number>): readonly Sample[] {
  return [...counts].map(([word, value]) => ({ labels: { [label]: word }, value }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
