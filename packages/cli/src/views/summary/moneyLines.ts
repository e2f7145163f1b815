import {
  cacheReadShare,
  failedWork,
  formatCost,
  knownCost,
  savedByCache,
  totalSpending,
} from "@claude-orchestrator/domain";
import type { RunState, Spending } from "@claude-orchestrator/domain";
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
  const share = cacheReadShare(usage);
  if (share === undefined || share < 0.01) return undefined;
  const saved = Object.entries(byModel).map(([model, each]) => savedByCache(model, each.usage));
  const known = saved.reduce<number>((sum, each = 0) => sum + each, 0);
  const effect = `${known < 0 ? "cost" : "saved"} ${formatCost(Math.abs(known))} by list prices`;
  const words = saved.includes(undefined) ? "" : `, which ${effect}`;
  return `cache    ${sharePercent(share)} of what was sent was read from it${words}`;
}

/** "83 %", never rounded up to all of it. */
export function sharePercent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

function failedSentence(state: RunState, { glyphs }: SummaryOptions): string | undefined {
  const { attempts, spent } = failedWork(state);
  if (spent.costSource === "none" || (spent.costUsd !== undefined && knownCost(spent) === 0)) return undefined;
  return `failed   work that did not succeed cost ${costText(spent, glyphs)} in ${counted(attempts, "attempt")}`;
}

function requestsSentence(state: RunState): string | undefined {
  let [settled, uncertain, refused] = [0, 0, 0];
  for (const { attempts } of state.instances.values()) {
    for (const { requests } of attempts) {
      settled += requests?.settled ?? 0;
      uncertain += requests?.uncertain ?? 0;
      refused += requests?.refused ?? 0;
    }
  }
  if (settled + refused === 0) return undefined;
  const parts = [
    `${counted(settled, "request")} through the gateway`,
    ...(refused === 0 ? [] : [`${refused} more refused and not sent`]),
    ...(uncertain === 0 ? [] : [`${uncertain} not counted by the API's own word`]),
  ];
  return `requests ${parts.join(", ")}`;
}
