import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { RequestOutcome } from "@claude-orchestrator/domain";
import type { RequestAnswer, RequestEnd } from "@claude-orchestrator/engine/ports";
import { totalTokens } from "@claude-orchestrator/domain";
import type { AskedRequest } from "../dialects/dialect.ts";
import { fingerprintOf } from "../dialects/fingerprint.ts";
import { subAgentOf } from "../dialects/subAgent.ts";
import type { Route } from "../dialects/route.ts";
import { announcementOf } from "../light/announcement.ts";
import type { Announcement } from "../light/announcement.ts";
import type { Crossing, Passed } from "../light/crossing.ts";
import type { Slot } from "../light/trafficLight.ts";
import { usageWindowsIn } from "../light/usageWindows.ts";
import type { ToldWindows } from "../light/usageWindows.ts";
import { waitWords } from "../light/words.ts";
import type { InputEstimate } from "../estimate/inputEstimate.ts";
import { settlementOf } from "../estimate/settlement.ts";
import { worstOf, worstUnread } from "../estimate/worstCase.ts";
import type { AnswerMeter } from "../usage/answerMeter.ts";
import { meterFor, passAnswer } from "./answerPassage.ts";
import { exchangeHeads } from "./exchangeHeads.ts";
import { valueOf } from "./headers.ts";
import { keepAnswer } from "./keptAnswer.ts";
import type { KeptAnswer } from "./keptAnswer.ts";
import type { OpenPass } from "./passBook.ts";
import { readStart } from "./requestBody.ts";
import type { RequestBody } from "./requestBody.ts";
import { codeOf, sendBusy, sendRefusal, sendUnreachable, unreachableSentence } from "./ownAnswers.ts";
import type { Upstream } from "./upstream.ts";
import type { WaitingRoom } from "./waitingRoom.ts";

export interface ExchangeParts {
  readonly pass: OpenPass;
  readonly upstream: Upstream;
  readonly crossing: Crossing;
  readonly windows: ToldWindows;
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
 * 4. What the API refuses for its rate is asked again as soon as it may be, if that is soon enough for the agent; else the agent
 *    gets the API's own words. Each try is granted, and settles, for itself.
 * 5. What keeps it from being sent is ours: its desk knows from when until when, so that nobody takes its agent to be idle.
 */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #route: Asking;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #query: string;
  readonly #gone = new AbortController();
  #arrivedAt = 0;
  /** When the try that is under way began, and when it was sent. */
  #startedAt = performance.now();
  #sentAt: number | undefined;
  #firstByteAt: number | undefined;
  #asked: AskedRequest = { cacheWrites: "none", pointsOutside: false };
  #bytes = 0;
  /** Its number, once granted and until it has settled. */
  #granted: number | undefined;
  /** Its place at the API, for as long. */
  #slot: Slot | undefined;
  /** What the API said when it was asked too often. */
  #refused: KeptAnswer | undefined;
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
      // Where somebody went away, what fails afterwards is only that. A request that was read to its end is destroyed as well.
      const wasCut = this.#request.destroyed && !this.#request.complete;
      if (!this.#gone.signal.aborted && !wasCut) throw error;
    } finally {
      underWay.delete(giveUp);
      this.#settle("failed");
      this.#meter?.close();
    }
  }

  async #exchange(): Promise<void> {
    const encoding = valueOf(this.#request.rawHeaders, "content-encoding");
    const body = await readStart(this.#request, encoding);
    this.#arrivedAt = performance.now();
    let isOver = false;
    while (!isOver) isOver = await this.#try(body);
  }

  /** False where it is to be tried again. */
  async #try(body: RequestBody): Promise<boolean> {
    this.#startedAt = performance.now();
    this.#sentAt = this.#firstByteAt = this.#status = this.#sent = undefined;
    this.#hasConnected = false;
    const passed = await this.#admit(body);
    return passed.is !== "granted" || this.#gone.signal.aborted || (await this.#forward(body));
  }

  /** Whatever keeps it from being sent, and however that ends, its desk is told when it does (5). */
  async #admit(body: RequestBody): Promise<Passed> {
    const { desk } = this.#parts.pass;
    const goesOn = desk?.holds();
    try {
      const passed = await this.#askDesk(body);
      if (passed.is === "granted") await desk?.recorded();
      return passed;
    } finally {
      goesOn?.();
    }
  }

  async #askDesk(body: RequestBody): Promise<Passed> {
    const { estimate, crossing, allowUnpriced, upstream, pass } = this.#parts;
    if (body.json !== undefined) this.#asked = this.#route.dialect.readRequest(body.json, this.#route.path);
    this.#bytes = body.bytes;
    const { model, unpriced } = this.#asked;
    const most = body.isRead
      ? worstOf(this.#asked, upstream.vendor, estimate.atMost(model, body.bytes))
      : worstUnread(upstream.vendor);
    const subAgent = subAgentOf(this.#request.rawHeaders);
    const by = {
      ...(subAgent === undefined ? {} : { subAgent }),
      ...(body.json === undefined ? {} : { fingerprint: fingerprintOf(body.json) }),
    };
    const worst = most.costUsd === undefined && allowUnpriced ? { ...most, costUsd: 0 } : most;
    const passed = await crossing.pass({
      ask: (final): RequestAnswer => {
        const named = {
          ...(model === undefined ? {} : { model }),
          ...(unpriced === undefined ? {} : { unpriced }),
          ...by,
        };
        const said = pass.desk?.ask({ ...named, worst, final }) ?? notYet;
        if (said.is === "granted") this.#granted = said.request;
        return said;
      },
      entered: (slot) => (this.#slot = slot),
      waits: (why, forMs, ahead) => pass.desk?.waits(waitWords(why, forMs, ahead, Date.now())),
      lane: model ?? "",
      priority: pass.asking.priority,
      since: this.#arrivedAt,
      longestMs: this.#leftMs(),
      signal: this.#gone.signal,
    });
    if (passed.is === "refused") sendRefusal(this.#response, this.#route.dialect, passed.reason);
    if (passed.is === "late") this.#tellLate(passed);
    return passed;
  }

  /** How long it may still wait for anything but its answer. */
  #leftMs(): number {
    return this.#parts.longestWaitMs - (performance.now() - this.#arrivedAt);
  }

  #tellLate({ why, againInMs = 0 }: Extract<Passed, { is: "late" }>): void {
    if (this.#refused !== undefined) {
      this.#refused.passTo(this.#response);
      return;
    }
    const reason = `the gateway did not send this request: it would have to wait for ${waitWords(why, againInMs, 0, Date.now())}`;
    const isFar = againInMs > this.#parts.longestWaitMs;
    sendBusy(this.#response, this.#route.dialect, reason, { inMs: againInMs, isFar });
  }

  /** False where it is to be tried again. */
  async #forward(body: RequestBody): Promise<boolean> {
    const answer = await this.#send(body);
    if (answer === undefined) return true;
    const status = answer.statusCode ?? 502;
    this.#status = status;
    this.#firstByteAt = performance.now();
    if (status === 429) return this.#hearLimit(answer, body.isWhole);
    this.#hear(announcementOf(status, answer.headers, Date.now()), answer.headers);
    if (status < 400) this.#meter = meterFor(answer, this.#route.dialect);
    const passage = await passAnswer(answer, this.#response, this.#meter);
    this.#settle(passage === "cut" ? "cut" : status >= 400 || this.#meter?.heard.hasFailed ? "failed" : "answered");
    this.#response.end();
    return true;
  }

  async #hearLimit(answer: IncomingMessage, mayTryAgain: boolean): Promise<boolean> {
    this.#refused = await keepAnswer(answer);
    const said = announcementOf(429, answer.headers, Date.now(), this.#refused?.json);
    this.#hear(said, answer.headers);
    this.#settle("failed");
    const isSoon = said.is === "limited" && (said.againInMs ?? 0) <= this.#leftMs();
    if (isSoon && mayTryAgain && this.#refused !== undefined) return false;
    if (this.#refused === undefined) this.#response.destroy();
    else this.#refused.passTo(this.#response);
    return true;
  }

  /** What an answer says of limits goes to the light, and what it says of the account's windows to the desk. */
  #hear(said: Announcement, headers: IncomingMessage["headers"]): void {
    const { crossing, windows, pass, longestWaitMs } = this.#parts;
    const { againInMs = 0 } = said;
    if (this.#slot !== undefined) crossing.heard(this.#slot, said);
    const told = usageWindowsIn(headers);
    // Nobody should be started for an API that is closed for long, whatever it calls the limit.
    const isClosed = told.length === 0 && said.is !== "overloaded" && againInMs > longestWaitMs;
    const resetsAt = Math.ceil((Date.now() + againInMs) / 1000) * 1000;
    const seen = isClosed ? [{ window: "rate_limit", status: "rejected", resetsAt } as const] : told;
    for (const window of windows.news(pass.asking.account, seen)) pass.desk?.saw(window);
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
    this.#sentAt = performance.now();
    sent.once("socket", (socket) => {
      const ready = "encrypted" in socket ? "secureConnect" : "connect";
      if (socket.connecting) socket.once(ready, () => (this.#hasConnected = true));
      else this.#hasConnected = true;
    });
    return exchangeHeads(sent, body, this.#request, this.#gone.signal);
  }

  #tellUnreachable(error: unknown): undefined {
    this.#settle("failed");
    const sentence = unreachableSentence(this.#parts.upstream, error);
    // Its agent asks again for minutes, and tells no more of it than the status.
    if (!this.#gone.signal.aborted) this.#parts.pass.desk?.waits(sentence);
    sendUnreachable(this.#response, sentence);
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
    const { pass, estimate, waiting, crossing } = this.#parts;
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
    const slot = this.#slot;
    this.#slot = undefined;
    try {
      pass.desk?.settle(request, { ...end, ...this.#times() });
    } finally {
      if (slot !== undefined) crossing.leave(slot);
    }
    waiting.tryAll();
  }

  #times(): Pick<RequestEnd, "waitedMs" | "firstByteMs"> {
    if (this.#sentAt === undefined) return {};
    const waitedMs = Math.round(this.#sentAt - this.#startedAt);
    if (this.#firstByteAt === undefined) return { waitedMs };
    return { waitedMs, firstByteMs: Math.round(this.#firstByteAt - this.#sentAt) };
  }
}

const notYet: RequestAnswer = { is: "refused", reason: "this attempt is over" };
