import type { NotifyTarget } from "@claude-orchestrator/domain";
import type { Clock } from "@claude-orchestrator/engine/ports";
import type { DeliveryLine, DeliveryRecord } from "./deliveryRecord.ts";
import { describeTarget, describeTargets } from "./describeTargets.ts";
import type { NotifyMessage } from "./message.ts";
import type { SendAnswer } from "./sendNotice.ts";

/*
 * Brings messages to targets, in the background of a run.
 *
 * 1. Nothing here throws, rejects or ends the run: what fails is recorded and told in a sentence.
 * 2. A message is tried at most five times at a target, with growing waits between.
 * 3. A message that a target has had, by the record, is not sent to it again. Killed between sending and recording, it is:
 *    with the same id.
 * 4. A target that does not answer is told of once, and at the end with how many more messages it did not get.
 * 5. `close` settles within the time it is given, and nothing is sent after it.
 */

export const mostTries = 5;

/** Messages on their way to one target at once; the rest waits in order. */
const mostAtOnce = 4;

/** A receiver may ask for a longer wait than ours, but not for any. */
const longestRetryAfterMs = 30_000;

export interface DeliveriesParts {
  readonly record: DeliveryRecord;
  readonly send: (target: NotifyTarget, message: NotifyMessage, signal: AbortSignal) => Promise<SendAnswer>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Told what a target did not get, in a sentence. */
  readonly onFailure: (sentence: string) => void;
  /** Before the second try; twice as long before each one after it. Default 1 s. */
  readonly firstDelayMs?: number;
}

interface Parcel {
  readonly target: NotifyTarget;
  /** What the record knows the target by. */
  readonly label: string;
  /** What a person knows it by. */
  readonly words: string;
  readonly message: NotifyMessage;
}

export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #abort = new AbortController();
  readonly #waiting: Parcel[] = [];
  readonly #underWay = new Map<string, number>();
  readonly #idle = new Set<() => void>();
  /** By target: how many messages it did not get beside the one that was told. */
  readonly #untold = new Map<string, { readonly words: string; readonly count: number }>();
  #recordFailed = false;

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  /** Sends it to each target of the file's list that wants it and has not had it. */
  post(message: NotifyMessage, targets: readonly NotifyTarget[], wants: (target: NotifyTarget) => boolean): void {
    if (this.#abort.signal.aborted) return;
    const words = describeTargets(targets);
    for (const [at, target] of targets.entries()) {
      // What the record knows a target by must stay the same, whatever else the list comes to hold.
      const label = `${at} ${describeTarget(target)}`;
      if (!wants(target) || this.#parts.record.has(message.id, label)) continue;
      // The end of a run is what most is waited for: it does not stand behind what nobody could deliver.
      const isEnd = message.kind === "finished" || message.kind === "failed";
      this.#waiting.splice(isEnd ? 0 : this.#waiting.length, 0, { target, label, words: words[at] ?? "", message });
    }
    this.#next();
  }

  /** True while something is on its way. */
  get isBusy(): boolean {
    return this.#waiting.length > 0 || this.#underWay.size > 0;
  }

  /** Waits for what is on its way, at most so long and until `hurry`; what is not delivered by then is given up. */
  async close(graceMs: number, hurry?: Promise<void>): Promise<void> {
    if (this.isBusy) {
      const done = Promise.withResolvers<void>();
      this.#idle.add(done.resolve);
      void hurry?.then(done.resolve);
      const cancel = this.#parts.clock.after(graceMs, done.resolve);
      await done.promise;
      cancel();
    }
    const late = this.#waiting.splice(0);
    this.#abort.abort();
    for (const parcel of late) this.#over(parcel, "given-up", 0, "the run ended");
    // Those under way hear of the abort and say what they came to.
    while (this.#underWay.size > 0) await new Promise<void>((resolve) => this.#idle.add(resolve));
    for (const { words, count } of this.#untold.values()) {
      if (count > 0) this.#parts.onFailure(`${words} did not get ${count} more (notifications.jsonl has them)`);
    }
    this.#untold.clear();
  }

  #next(): void {
    for (let at = 0; at < this.#waiting.length;) {
      const parcel = this.#waiting[at];
      const busy = this.#underWay.get(parcel?.label ?? "") ?? 0;
      if (parcel === undefined || busy >= mostAtOnce) {
        at += 1;
        continue;
      }
      this.#waiting.splice(at, 1);
      this.#underWay.set(parcel.label, busy + 1);
      void this.#deliver(parcel).finally(() => this.#arrived(parcel.label));
    }
  }

  #arrived(label: string): void {
    const left = (this.#underWay.get(label) ?? 1) - 1;
    if (left === 0) this.#underWay.delete(label);
    else this.#underWay.set(label, left);
    this.#next();
    if (this.isBusy) return;
    for (const wake of this.#idle) wake();
    this.#idle.clear();
  }

  async #deliver(parcel: Parcel): Promise<void> {
    const { signal } = this.#abort;
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#try(parcel);
      if (answer.ok) return this.#over(parcel, "delivered", tries, answer.detail);
      if (signal.aborted) return this.#over(parcel, "given-up", tries, answer.detail);
      if (!answer.again || tries === mostTries) return this.#over(parcel, "failed", tries, answer.detail);
      await this.#pause(tries, answer.retryAfterMs);
      if (signal.aborted) return this.#over(parcel, "given-up", tries, answer.detail);
    }
  }

  async #try({ target, message }: Parcel): Promise<SendAnswer> {
    const { signal } = this.#abort;
    const given = new Promise<SendAnswer>((resolve) => {
      const answer = { ok: false, detail: "the run ended before there was an answer", again: true } as const;
      signal.addEventListener("abort", () => resolve(answer), { once: true });
    });
    try {
      return await Promise.race([this.#parts.send(target, message, signal), given]);
    } catch (error) {
      return { ok: false, detail: String(error), again: false };
    }
  }

  /** Half of the wait is by chance, so that many runs do not come back at the same moment. */
  #pause(tries: number, retryAfterMs = 0): Promise<void> {
    const { clock, random, firstDelayMs = 1000 } = this.#parts;
    const wait = firstDelayMs * 2 ** (tries - 1) * (0.5 + random());
    return new Promise((resolve) => {
      const cancel = clock.after(Math.max(wait, Math.min(retryAfterMs, longestRetryAfterMs)), resolve);
      const give = (): void => {
        cancel();
        resolve();
      };
      this.#abort.signal.addEventListener("abort", give, { once: true });
    });
  }

  #over({ label, words, message }: Parcel, outcome: DeliveryLine["outcome"], tries: number, detail: string): void {
    const { record, clock, onFailure } = this.#parts;
    const { id, kind } = message;
    try {
      record.add({ id, kind, target: label, outcome, tries, detail, at: clock.wall() });
    } catch (error) {
      if (!this.#recordFailed) onFailure(`What was notified could not be recorded: ${String(error)}`);
      this.#recordFailed = true;
    }
    if (outcome === "delivered") return;
    const untold = this.#untold.get(label);
    this.#untold.set(label, { words, count: untold === undefined ? 0 : untold.count + 1 });
    if (untold !== undefined) return;
    const often = tries === 0 ? "not tried" : tries === 1 ? "tried once" : `tried ${tries} times`;
    onFailure(`${words} was not notified that "${message.title}" (${often}): ${detail}`);
  }
}
