import { failedWork, formatDuration, knownCost, savedByCache, totalSpending } from "@claude-orchestrator/domain";
import type { RequestsState, RunState, Spending } from "@claude-orchestrator/domain";
import { cacheWords } from "../cacheWords.ts";
import type { Line } from "../text/line.ts";
import { wrappedLines } from "../text/line.ts";
import { costText, counted } from "../words.ts";
import type { SummaryOptions } from "./summaryLines.ts";

/** What the cache saved, what failed work cost, what became of the requests at the gateway: each only where there was any. */
export function moneyLines(state: RunState, options: SummaryOptions): readonly Line[] {
  const sentences = [cacheSentence(totalSpending(state)), failedSentence(state, options), requestsSentence(state)];
  return sentences.flatMap((each) => {
    return each === undefined ? [] : wrappedLines(each, options.columns, { tone: "quiet" });
  });
}

function cacheSentence({ usage, byModel }: Spending): string | undefined {
  const saved = Object.entries(byModel).map(([model, each]) => savedByCache(model, each.usage));
  const usd = saved.reduce<number>((sum, each = 0) => sum + each, 0);
  const words = cacheWords(usage, { usd, isWhole: !saved.includes(undefined) });
  return words === undefined ? undefined : `cache    ${words}`;
}

function failedSentence(state: RunState, { glyphs }: SummaryOptions): string | undefined {
  const { attempts, spent } = failedWork(state);
  if (spent.costSource === "none" || (spent.costUsd !== undefined && knownCost(spent) === 0)) return undefined;
  return `failed   ${costText(spent, glyphs)} went into ${counted(attempts, "attempt")} that did not succeed`;
}

/** Every request is held for the moment in which its reservation is written: that is not worth a word. */
const toldFromMs = 1000;

function requestsSentence(state: RunState): string | undefined {
  const attempts = [...state.instances.values()].flatMap((instance) => instance.attempts);
  const seen = attempts.flatMap(({ requests }) => requests ?? []);
  const sum = (of: (requests: RequestsState) => number): number => seen.reduce((all, each) => all + of(each), 0);
  const [settled, refused] = [sum((each) => each.settled), sum((each) => each.refused)];
  if (settled + refused === 0) return undefined;
  const [uncertain, waitedMs] = [sum((each) => each.uncertain), sum((each) => each.waitedMs)];
  const parts = [
    `${settled === 0 ? "none" : settled} through the gateway`,
    ...(refused === 0 ? [] : [`${refused} refused and not sent`]),
    ...(uncertain === 0 ? [] : [`${uncertain} not counted by the API's own word`]),
    ...(waitedMs < toldFromMs ? [] : [`held for ${formatDuration(waitedMs)} in all before they were sent`]),
  ];
  return `requests ${parts.join(", ")}`;
}
