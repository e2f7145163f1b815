import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { RequestOutcome } from "@claude-orchestrator/domain";
import type { RequestAnswer } from "@claude-orchestrator/engine/ports";
import { totalTokens } from "@claude-orchestrator/domain";
import type { AskedRequest } from "../dialects/dialect.ts";
import type { Route } from "../dialects/route.ts";
import type { InputEstimate } from "../estimate/inputEstimate.ts";
import { settlementOf } from "../estimate/settlement.ts";
import { worstOf, worstUnread } from "../estimate/worstCase.ts";
import type { AnswerMeter } from "../usage/answerMeter.ts";
import { meterFor, passAnswer } from "./answerPassage.ts";
import { exchangeHeads } from "./exchangeHeads.ts";
import { valueOf } from "./headers.ts";
import type { OpenPass } from "./passBook.ts";
import { readStart } from "./requestBody.ts";
import type { RequestBody } from "./requestBody.ts";
import { sendJson, sendRefusal } from "./ownAnswers.ts";
import type { Upstream } from "./upstream.ts";
import type { WaitingRoom } from "./waitingRoom.ts";

export interface ExchangeParts {
  readonly pass: OpenPass;
  readonly upstream: Upstream;
  readonly estimate: InputEstimate;
  readonly waiting: WaitingRoom;
  readonly longestWaitMs: number;
  readonly allowUnpriced: boolean;
}

type Asking = Extract<Route, { kind: "asks" }>;

/**
 * One request that may cost money, from its first byte to its settlement.
 *
 * 1. Nothing of it is sent before its desk has granted it, and has that on disk.
 * 2. Granted, it settles exactly once, whatever breaks, and before the agent is told that its answer is over.
 * 3. Whoever goes away (the agent, its attempt) takes the request at the API with them.
 */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #route: Asking;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #query: string;
  readonly #gone = new AbortController();
  readonly #startedAt = performance.now();
  #asked: AskedRequest = { cacheWrites: "none", pointsOutside: false };
  #bytes = 0;
  /** Its number, once granted and until it has settled. */
  #granted: number | undefined;
  #sent: ClientRequest | undefined;
  /** Some of it may have reached the API. */
  #hasConnected = false;
  #status: number | undefined;
  #meter: AnswerMeter | undefined;

  constructor(
    parts: ExchangeParts,
    route: Asking,
    query: string,
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  ) {
    this.#parts = parts;
    this.#route = route;
    this.#query = query;
    this.#request = request;
    this.#response = response;
  }

  /** Rejects only for a bug of ours. */
  async run(): Promise<void> {
    const giveUp = (): void => this.#giveUp();
    const { underWay } = this.#parts.pass;
    underWay.add(giveUp);
    this.#response.once("close", giveUp);
    try {
      await this.#exchange();
    } catch (error) {
      // Where somebody went away, what fails afterwards is only that.
      if (!this.#gone.signal.aborted && !this.#request.destroyed) throw error;
    } finally {
      underWay.delete(giveUp);
      this.#settle("failed");
      this.#meter?.close();
    }
  }

  async #exchange(): Promise<void> {
    const encoding = valueOf(this.#request.rawHeaders, "content-encoding");
    const body = await readStart(this.#request, encoding);
    const answer = await this.#askDesk(body);
    if (answer.is !== "granted") return;
    await this.#parts.pass.desk?.recorded();
    if (this.#gone.signal.aborted) return;
    await this.#forward(body);
  }

  async #askDesk(body: RequestBody): Promise<RequestAnswer> {
    const { estimate, waiting, longestWaitMs, allowUnpriced, upstream } = this.#parts;
    if (body.json !== undefined) this.#asked = this.#route.dialect.readRequest(body.json, this.#route.path);
    this.#bytes = body.bytes;
    const { model, unpriced } = this.#asked;
    const most = body.isWhole
      ? worstOf(this.#asked, upstream.vendor, estimate.atMost(model, body.bytes))
      : worstUnread(upstream.vendor);
    const worst = most.costUsd === undefined && allowUnpriced ? { ...most, costUsd: 0 } : most;
    const answer = await waiting.until(
      (final): RequestAnswer | { readonly againInMs: number | undefined } => {
        const named = { ...(model === undefined ? {} : { model }), ...(unpriced === undefined ? {} : { unpriced }) };
        const said = this.#parts.pass.desk?.ask({ ...named, worst, final }) ?? notYet;
        if (said.is === "held") return { againInMs: said.retryInMs };
        if (said.is === "granted") this.#granted = said.request;
        return said;
      },
      { longestMs: longestWaitMs, signal: this.#gone.signal },
    );
    if (answer.is === "refused") sendRefusal(this.#response, this.#route.dialect, answer.reason);
    return answer;
  }

  async #forward(body: RequestBody): Promise<void> {
    const answer = await this.#send(body);
    if (answer === undefined) return;
    const status = answer.statusCode ?? 502;
    this.#status = status;
    if (status < 400) this.#meter = meterFor(answer, this.#route.dialect);
    const passage = await passAnswer(answer, this.#response, this.#meter);
    this.#settle(passage === "cut" ? "cut" : status >= 400 || this.#meter?.heard.hasFailed ? "failed" : "answered");
    this.#response.end();
  }

  /** The answer's head; undefined where the API could not be reached, which the agent has been told then. */
  async #send(body: RequestBody): Promise<IncomingMessage | undefined> {
    try {
      return await this.#sendOnce(body);
    } catch (error) {
      if (this.#gone.signal.aborted) return undefined;
      const isStale = body.isWhole && this.#sent?.reusedSocket === true && codeOf(error) === "ECONNRESET";
      // A kept connection that the other side had closed meanwhile: nothing of the request was taken.
      if (isStale) return this.#sendOnce(body).catch((again: unknown) => this.#tellUnreachable(again));
      return this.#tellUnreachable(error);
    }
  }

  async #sendOnce(body: RequestBody): Promise<IncomingMessage> {
    const { method = "POST", rawHeaders } = this.#request;
    const path = `${this.#route.path}${this.#query}`;
    const sent = this.#parts.upstream.request({ method, path, headers: rawHeaders });
    this.#sent = sent;
    sent.once("socket", (socket) => {
      const ready = "encrypted" in socket ? "secureConnect" : "connect";
      if (socket.connecting) socket.once(ready, () => (this.#hasConnected = true));
      else this.#hasConnected = true;
    });
    return exchangeHeads(sent, body, this.#request, this.#gone.signal);
  }

  #tellUnreachable(error: unknown): undefined {
    const code = codeOf(error);
    this.#settle("failed");
    sendJson(this.#response, 502, {
      type: "error",
      error: { type: "api_error", message: `the model API cannot be reached (${code})` },
    });
    return undefined;
  }

  #giveUp(): void {
    if (this.#response.writableFinished) return;
    this.#gone.abort(new Error("the agent went away"));
    this.#settle("abandoned");
    this.#sent?.destroy();
    this.#response.destroy();
  }

  #settle(outcome: RequestOutcome): void {
    const request = this.#granted;
    if (request === undefined) return;
    this.#granted = undefined;
    const { pass, estimate, waiting } = this.#parts;
    const heard = this.#meter?.heard;
    const end = settlementOf({
      asked: this.#asked,
      heard,
      outcome,
      status: this.#status,
      likelyInput: estimate.likely(this.#asked.model, this.#bytes),
      wasSent: this.#hasConnected,
      durationMs: Math.round(performance.now() - this.#startedAt),
    });
    if (heard?.counted !== undefined && this.#asked.model !== undefined && !this.#asked.pointsOutside) {
      estimate.learn(this.#asked.model, this.#bytes, totalTokens({ ...heard.counted, output: 0 }));
    }
    pass.desk?.settle(request, end);
    waiting.tryAll();
  }
}

const notYet: RequestAnswer = { is: "refused", reason: "this attempt is over" };

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
