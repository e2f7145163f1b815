import { formatDuration, formatTokens, totalSpending } from "@claude-orchestrator/domain";
import type { InstanceState, RunState, Spending } from "@claude-orchestrator/domain";
import type { Line } from "../text/line.ts";
import { layTable, layTellingTable } from "../text/table.ts";
import type { Glyphs } from "../text/glyphs.ts";
import { costText, countTools, elapsedOf, modelOf, phaseWord, runningFor, toolsOf, tokensText } from "../words.ts";
import type { SummaryOptions } from "./summaryLines.ts";

/** A row per instance and one for the sum. */
export function instanceTableLines(state: RunState, options: SummaryOptions): readonly Line[] {
  const { columns, glyphs } = options;
  const rows = state.plan.instances.flatMap((plan): readonly Line[] => {
    const instance = state.instances.get(plan.name);
    return instance === undefined ? [] : [instanceRow(instance, modelOf(instance, plan.model) || plan.agent, options)];
  });
  const total = rows.length > 1 ? [totalRow(state, glyphs)] : [];
  return layTellingTable(
    [
      { title: "instance", rank: 12, shrinkTo: 8 },
      { title: "status", rank: 11, shrinkTo: 8 },
      { title: "model", rank: 3, shrinkTo: 8 },
      { title: "time", rank: 8, align: "right" },
      { title: "tokens", rank: 9, align: "right" },
      { title: "in", rank: 4, align: "right" },
      { title: "out", rank: 5, align: "right" },
      { title: "cache read", rank: 2, align: "right" },
      { title: "cache write", rank: 1, align: "right" },
      { title: "tools", rank: 6, align: "right" },
      { title: "cost", rank: 10, align: "right" },
      { title: "attempts", rank: 7, align: "right" },
    ],
    [...rows, ...total],
    { width: columns },
  );
}

function instanceRow(instance: InstanceState, model: string, { glyphs, now, isInterrupted }: SummaryOptions): Line {
  const status = phaseWord(instance, glyphs, isInterrupted);
  const last = instance.attempts.at(-1);
  const time =
    (now === undefined ? undefined : runningFor(instance, now)) ??
    elapsedOf(instance, last?.end?.at ?? last?.plannedAt ?? 0);
  return [
    { text: instance.name, tone: "strong" },
    { text: `${status.glyph} ${status.word}`, tone: status.tone },
    { text: model, tone: "quiet" },
    { text: time === undefined ? "-" : formatDuration(time) },
    ...spendingCells(instance.spent, countTools(toolsOf(instance)), glyphs),
    { text: instance.attempts.length > 1 ? String(instance.attempts.length) : "" },
  ];
}

function totalRow(state: RunState, glyphs: Glyphs): Line {
  const tools = [...state.instances.values()].reduce((sum, each) => sum + countTools(toolsOf(each)), 0);
  const time = state.phase.status === "settled" ? formatDuration(state.phase.durationMs) : "-";
  const cells = [
    { text: "total" },
    { text: "" },
    { text: "" },
    { text: time },
    ...spendingCells(totalSpending(state), tools, glyphs),
    { text: "" },
  ];
  return cells.map((cell) => ({ ...cell, tone: "strong" as const }));
}

function spendingCells(spent: Spending, tools: number, glyphs: Glyphs): Line {
  const { usage } = spent;
  const count = (tokens: number): string => (tokens === 0 ? "-" : formatTokens(tokens));
  return [
    { text: tokensText(spent, glyphs) },
    { text: count(usage.input) },
    { text: count(usage.output) },
    { text: count(usage.cacheRead) },
    { text: count(usage.cacheWrite5m + usage.cacheWrite1h) },
    { text: tools === 0 ? "-" : String(tools) },
    { text: costText(spent, glyphs) },
  ];
}

/** Which tool was used how often, and by whom; most used first. */
export function toolLines(state: RunState, { columns }: SummaryOptions): readonly Line[] {
  const uses = new Map<string, { count: number; by: string[] }>();
  for (const instance of state.instances.values()) {
    for (const [tool, count] of Object.entries(toolsOf(instance))) {
      const use = uses.get(tool) ?? { count: 0, by: [] };
      uses.set(tool, { count: use.count + count, by: [...use.by, `${instance.name} ${count}`] });
    }
  }
  if (uses.size === 0) return [];
  const rows = [...uses].toSorted(([, a], [, b]) => b.count - a.count);
  return layTable(
    [
      { title: "tool", rank: 3, shrinkTo: 8 },
      { title: "uses", rank: 2, align: "right" },
      { title: "by", rank: 1, shrinkTo: 10 },
    ],
    rows.map(([tool, { count, by }]) => [
      { text: tool },
      { text: String(count) },
      { text: by.join(", "), tone: "quiet" },
    ]),
    { width: columns },
  );
}

const sourceWords: Readonly<Record<Spending["costSource"], string>> = {
  none: "",
  reported: "told by the agent",
  priced: "from our price list",
  mixed: "partly told by the agent, partly from our price list",
  unknown: "a model here has no known price",
};

/** Tokens and cost by model, with where the figure comes from. */
export function costByModelLines(state: RunState, { columns, glyphs }: SummaryOptions): readonly Line[] {
  const spent = totalSpending(state);
  const models = Object.entries(spent.byModel);
  if (models.length === 0) return [];
  return layTable(
    [
      { title: "model", rank: 4, shrinkTo: 8 },
      { title: "tokens", rank: 2, align: "right" },
      { title: "cost", rank: 3, align: "right" },
      { title: "source", rank: 1, shrinkTo: 10 },
    ],
    models.map(([model, each]) => {
      const source = modelSource(state, model);
      const asSpending: Spending = { ...spent, byModel: { [model]: each }, usage: each.usage, costSource: source };
      const { costUsd: _total, ...rest } = asSpending;
      const cost = each.costUsd === undefined ? rest : { ...rest, costUsd: each.costUsd };
      return [
        { text: model },
        { text: tokensText(cost, glyphs) },
        { text: costText(cost, glyphs) },
        { text: each.costUsd === undefined ? "price not known" : sourceWords[source], tone: "quiet" as const },
      ];
    }),
    { width: columns },
  );
}

/** Where the figure of one model comes from: the sources of the attempts that used it, taken together. */
function modelSource(state: RunState, model: string): Spending["costSource"] {
  const sources = new Set<Spending["costSource"]>();
  for (const { attempts } of state.instances.values()) {
    for (const { spent } of attempts) {
      if (spent.byModel[model] === undefined) continue;
      // An attempt with some model unknown still priced this one, so it counts as from our list.
      sources.add(spent.costSource === "unknown" ? "priced" : spent.costSource);
    }
  }
  sources.delete("none");
  const [only, ...others] = sources;
  if (only === undefined) return "unknown";
  return others.length === 0 ? only : "mixed";
}
