import { costOf, noUsage } from "@claude-orchestrator/domain";
import type { RequestOutcome, TokenUsage } from "@claude-orchestrator/domain";
import type { RequestEnd } from "@claude-orchestrator/engine/ports";
import type { AskedRequest } from "../dialects/dialect.ts";
import type { HeardAnswer } from "../usage/heardAnswer.ts";
import { longestAnswer } from "./worstCase.ts";

export interface EndedRequest {
  readonly asked: Pick<AskedRequest, "model" | "maxOutput" | "unpriced">;
  /** Undefined where no answer came. */
  readonly heard: HeardAnswer | undefined;
  readonly outcome: RequestOutcome;
  readonly status: number | undefined;
  /** About how many tokens the prompt was. */
  readonly likelyInput: number;
  /** False where no byte of it can have reached the API. */
  readonly wasSent: boolean;
  readonly durationMs: number;
}

/** Characters a token of an answer is taken to be where nobody counted: few, so that too much is counted rather than too little. */
const charactersPerToken = 3;

/**
 * What a request cost: by the API's own count where it gave one, nothing where it refused, else by what was seen of it. An
 * answer that was cut or given up is charged for its prompt and for what had been said by then.
 */
export function settlementOf(ended: EndedRequest): RequestEnd {
  const { asked, heard, outcome, status, durationMs } = ended;
  const model = heard?.model ?? asked.model;
  return {
    ...(model === undefined ? {} : { model }),
    ...costOfRequest(ended, model),
    outcome,
    ...(status === undefined ? {} : { status }),
    durationMs,
  };
}

function costOfRequest(
  ended: EndedRequest,
  model: string | undefined,
): Pick<RequestEnd, "usage" | "costUsd" | "counted"> {
  const { asked, heard, status = 0, wasSent } = ended;
  if (!wasSent || status >= 400) return { usage: noUsage, costUsd: 0, counted: "reported" };
  const counted = heard?.counted;
  const usage = counted ?? estimated(ended);
  const isPriced = asked.unpriced === undefined && heard?.isChargedBeside !== true;
  const costUsd = model !== undefined && isPriced ? costOf(model, usage, "call") : undefined;
  return {
    usage,
    ...(costUsd === undefined ? {} : { costUsd }),
    counted: counted === undefined ? "estimated" : "reported",
  };
}

function estimated({ asked, heard, likelyInput }: EndedRequest): TokenUsage {
  const known = heard?.soFar ?? noUsage;
  const said = Math.ceil((heard?.outputLength ?? 0) / charactersPerToken);
  const output = Math.max(known.output, Math.min(said, asked.maxOutput ?? longestAnswer));
  return { ...known, output, input: heard?.knowsInput === true ? known.input : likelyInput };
}
