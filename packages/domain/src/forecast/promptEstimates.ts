import type { LoggedEvent } from "../events.ts";
import { totalTokens } from "../usage.ts";
import { medianOf } from "./checkForecasts.ts";

/** A request's prompt as the gateway took it to be before it was sent, and as the model API counted it. In tokens. */
export interface PromptEstimate {
  readonly model: string;
  readonly estimated: number;
  readonly counted: number;
}

/** How far the gateway's estimates of prompts were from the truth, as multiples of it. */
export interface EstimateError {
  readonly model: string;
  readonly count: number;
  /** The estimate in the middle: 1 is the truth, 3 sets three times as much aside as was needed. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** The share of estimates that were below the truth: those alone can let a budget be overshot. */
  readonly tooLow: number;
}

/** Of the requests of one log that the model API itself counted. */
export function promptEstimatesOf(events: Iterable<LoggedEvent>): readonly PromptEstimate[] {
  const open = new Map<string, number>();
  const found: PromptEstimate[] = [];
  for (const event of events) {
    if (event.type !== "request-reserved" && event.type !== "request-settled") continue;
    const key = `${event.instance}#${event.attempt}/${event.request}`;
    if (event.type === "request-reserved") {
      if (event.worst.input !== undefined) open.set(key, event.worst.input);
      continue;
    }
    const estimated = open.get(key);
    const counted = totalTokens({ ...event.usage, output: 0 });
    if (estimated === undefined || event.counted !== "reported" || counted === 0) continue;
    found.push({ model: event.model ?? "unknown model", estimated, counted });
  }
  return found;
}

/** By model, those with most requests first. */
export function estimateErrors(estimates: readonly PromptEstimate[]): readonly EstimateError[] {
  return [...Map.groupBy(estimates, ({ model }) => model)]
    .map(([model, these]): EstimateError => {
      const ratios = these.map(({ estimated, counted }) => estimated / counted);
      return {
        model,
        count: ratios.length,
        median: medianOf(ratios) ?? 1,
        least: ratios.reduce((least, each) => Math.min(least, each), Infinity),
        most: ratios.reduce((most, each) => Math.max(most, each), 0),
        tooLow: ratios.filter((each) => each < 1).length / ratios.length,
      };
    })
    .toSorted((a, b) => b.count - a.count);
}
