import { join } from "node:path";
import {
  knownCost,
  noticesOf,
  reduceAsRead,
  storageNotice,
  totalSpending,
  totalTokens,
  wantsNotice,
} from "@claude-orchestrator/domain";
import type { LoggedEvent, Notice, Plan, RunState } from "@claude-orchestrator/domain";
import type { Clock, EnvironmentSource } from "@claude-orchestrator/engine/ports";
import type { Resolver } from "../outbound/resolveTarget.ts";
import { Deliveries } from "./deliveries.ts";
import { DeliveryRecord } from "./deliveryRecord.ts";
import { describeTargets } from "./describeTargets.ts";
import { messageId } from "./message.ts";
import type { NotifyMessage } from "./message.ts";
import { sendNotice } from "./sendNotice.ts";
import type { SendAnswer } from "./sendNotice.ts";

/** After a run's last event, what is still on its way is waited for this long. */
export const lastWaitMs = 15_000;

export interface NotifierOptions {
  /** The run's: `notifications.jsonl` is kept in it. */
  readonly directory: string;
  readonly environment: EnvironmentSource;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Told what a target did not get, in a sentence: once, and at the end with how much more it was. */
  readonly onFailure: (sentence: string) => void;
  readonly resolve?: Resolver;
}

/** Tells the targets of a run's plan what happens in it. Nothing of it throws, rejects or ends the run. */
export interface Notifier {
  /**
   * Events of the log that are on disk, in order and from the first one on: those it has had are passed over. For a run that is
   * taken up again the whole log comes first; what its record says was delivered is not sent again.
   */
  take(events: readonly LoggedEvent[]): void;
  /** The log cannot be written, so that no event of it can say so. */
  storageTrouble(message: string): void;
  readonly isBusy: boolean;
  /** Waits for what is on its way, at most `lastWaitMs` and until `hurry`; the rest is given up. Never rejects. */
  close(hurry?: Promise<void>): Promise<void>;
}

export function createNotifier(options: NotifierOptions): Notifier {
  return new RunNotifier(options);
}

class RunNotifier implements Notifier {
  readonly #options: NotifierOptions;
  readonly #told = new Set<string>();
  #state: RunState | undefined;
  #deliveries: Deliveries | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  take(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (event.seq <= (this.#state?.seq ?? 0)) continue;
      const before = this.#state;
      const { state, isPassedOver } = reduceAsRead(before, event);
      this.#state = state;
      if (isPassedOver) continue;
      for (const notice of noticesOf(before, event)) this.#tell(notice);
    }
  }

  storageTrouble(message: string): void {
    this.#tell(storageNotice(message, this.#options.clock.wall()));
  }

  get isBusy(): boolean {
    return this.#deliveries?.isBusy === true;
  }

  async close(hurry?: Promise<void>): Promise<void> {
    await this.#deliveries?.close(lastWaitMs, hurry);
  }

  #tell(notice: Notice): void {
    const state = this.#state;
    const targets = state?.plan.notify ?? [];
    if (state === undefined || !targets.some((target) => wantsNotice(target, notice))) return;
    const message = messageOf(notice, state);
    if (this.#told.has(message.id)) return;
    this.#told.add(message.id);
    this.#deliveries ??= this.#open(state.plan);
    this.#deliveries.post(message, targets, (target) => wantsNotice(target, notice));
  }

  #open({ workspace }: Plan): Deliveries {
    const { directory, environment, clock, random, onFailure, resolve } = this.#options;
    const parts = {
      environment,
      cwd: workspace,
      wall: () => clock.wall(),
      ...(resolve === undefined ? {} : { resolve }),
    };
    return new Deliveries({
      record: new DeliveryRecord(join(directory, "notifications.jsonl")),
      send: (target, message, signal) => sendNotice(target, message, parts, signal),
      clock,
      random,
      onFailure,
    });
  }
}

function messageOf(notice: Notice, state: RunState): NotifyMessage {
  const { kind, subject, title, text, at, instance } = notice;
  const spent = totalSpending(state);
  return {
    id: messageId(state.id, kind, subject),
    kind,
    title,
    text,
    at,
    run: { id: state.id, name: state.plan.name, directory: state.directory },
    ...(instance === undefined ? {} : { instance }),
    spent: {
      tokens: totalTokens(spent.usage),
      costUsd: spent.costSource === "unknown" ? undefined : knownCost(spent),
    },
  };
}

/** Sends one message to each target of a plan, each once, and answers what it came to. */
export function testTargets(
  plan: Plan,
  { environment, clock, random }: Pick<NotifierOptions, "environment" | "clock" | "random">,
): Promise<readonly { readonly target: string; readonly answer: SendAnswer }[]> {
  const at = clock.wall();
  const message: NotifyMessage = {
    id: messageId("test", String(at), String(random())),
    kind: "test",
    title: "This is a test",
    text: "Asked for by `notify test`: nothing happened",
    at,
    run: { id: "", name: plan.name, directory: "" },
    spent: { tokens: 0, costUsd: 0 },
  };
  const parts = { environment, cwd: plan.workspace, wall: () => at };
  const targets = plan.notify ?? [];
  const words = describeTargets(targets);
  const sent = targets.map(async (target, index) => ({
    target: words[index] ?? "",
    answer: await sendNotice(target, message, parts),
  }));
  return Promise.all(sent);
}
