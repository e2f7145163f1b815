import { defaultUsagePolicy, reduceRun } from "@claude-orchestrator/domain";
import type {
  BudgetLimit,
  InstancePlan,
  InstanceState,
  LoggedEvent,
  RunEvent,
  RunState,
  StopCause,
  Verdict,
  Verification,
  Wisher,
} from "@claude-orchestrator/domain";
import { Attempt } from "./attempt.ts";
import { troubleEvent, whyItCannotStop, wishedBy } from "./asking.ts";
import type { Asked } from "./asking.ts";
import { downgradeBefore } from "./downgrade.ts";
import { BudgetGuard } from "./budgetGuard.ts";
import type { Admission } from "./admission.ts";
import type { ControlAnswer, EngineParts, ResumeRequest, RunRequest } from "./door.ts";
import { logThrough } from "./logThrough.ts";
import { readiness, resolveNeeds } from "./needs.ts";
import type { ResolvedNeed } from "./needs.ts";
import { decideOutcome } from "./outcome.ts";
import type { EventLog, WritingTrouble } from "./ports.ts";
import type { PreparedAttempt } from "./prepareAttempt.ts";
import { nextNumber, Preparing } from "./preparing.ts";
import { Retrying } from "./retrying.ts";
import { StartTimes } from "./startTimes.ts";
import { createdEvent, lastedOf, startOf, takingUp } from "./takingUp.ts";
import { UsageGuard } from "./usageGuard.ts";
import type { AttemptVerdict } from "./verdict.ts";
import { Wakes } from "./wakes.ts";

interface SettledFacts {
  readonly verification?: Verification;
  /** Who wished it, where it was stopped. */
  readonly by?: Wisher | undefined;
}

/*
 * Conducts one run.
 *
 * 1. `#step` is synchronous and the only place that starts, holds, skips or refuses; everything that happens asks for one.
 * 2. At most `plan.concurrency` attempts are alive.
 * 3. After `stop`, or with its log lost, nothing starts, and every instance settles. A stop never waits for the disk.
 * 4. The state is folded from the events the log has numbered, never written.
 * 5. `run-settled` is appended once, last, when no attempt is alive.
 * 6. Everything it decides by is in the log, in the plan or on a clock: taken up by another supervisor, it goes on as it
 *    would have. An attempt in flight then is taken over before anything starts.
 */
export class Conductor {
  readonly #request: RunRequest | ResumeRequest;
  readonly #log: EventLog;
  readonly #parts: EngineParts;
  readonly #needs: ReadonlyMap<string, readonly ResolvedNeed[]>;
  /** Starting order: higher priority first, then the file's order. */
  readonly #order: readonly InstancePlan[];
  readonly #alive = new Map<string, Attempt>();
  readonly #budgets: BudgetGuard;
  readonly #usage: UsageGuard;
  readonly #retrying: Retrying;
  readonly #wakes: Wakes;
  readonly #times: StartTimes;
  readonly #preparing: Preparing;
  readonly #begin: number;
  /** The last that the log told of the run when it was taken up, ms since 1970. */
  readonly #lastSeen: number;
  /** How long the run had lasted, in ms, when this supervisor took it up. */
  readonly #lasted: number;
  #state: RunState;
  #stopCause: StopCause | undefined;
  #stepAsked = false;
  /** Settles at a stop asked for by the person. */
  readonly #asked = Promise.withResolvers<void>();
  #bug: { readonly error: unknown } | undefined;
  readonly #done = Promise.withResolvers<{ readonly exitCode: number }>();
  #ignoreTrouble: () => void = () => undefined;

  constructor(request: RunRequest | ResumeRequest, parts: EngineParts) {
    this.#request = request;
    this.#log = parts.log;
    // Attempts append through the conductor, so that its state follows every event.
    const log = logThrough(parts.log, (event) => this.#append(event), this.#asked.promise);
    this.#parts = { ...parts, log };
    this.#needs = resolveNeeds(request.plan);
    this.#order = request.plan.instances.toSorted((a, b) => b.priority - a.priority);
    this.#begin = parts.clock.monotonic();
    this.#wakes = new Wakes(parts.clock);
    this.#times = new StartTimes(parts.clock, this.#wakes, () => this.#askStep());
    this.#preparing = new Preparing(request, this.#parts);
    this.#budgets = new BudgetGuard(
      request.plan.limits,
      (event) => this.#append(event),
      () => parts.clock.monotonic(),
      parts.shared,
    );
    this.#usage = new UsageGuard(request.plan.usage ?? defaultUsagePolicy, parts.random);
    this.#retrying = new Retrying(request, parts);
    this.#lastSeen = "history" in request ? request.history.lastAt : 0;
    this.#lasted = "history" in request ? lastedOf(request.history) : 0;
    if ("history" in request) {
      this.#state = request.history;
      this.#takeUp(request);
    } else this.#state = this.#create(request, parts);
  }

  run(): Promise<{ readonly exitCode: number }> {
    this.#ignoreTrouble = this.#log.onTrouble((trouble) => this.#heedTrouble(trouble));
    if (this.#state.phase.status === "running") {
      for (const instance of this.#order) this.#recover(instance);
      this.#askStep();
    } else this.#waitForStart();
    return this.#done.promise;
  }

  stop(cause: Extract<StopCause, { kind: "user" }>, force: boolean): void {
    this.#asked.resolve();
    const { phase } = this.#state;
    if (phase.status === "settled") return;
    if (phase.status === "stopping" && (phase.force || !force)) return;
    // A lost log has stopped nothing that ran; the person does.
    if (this.#stopCause?.kind !== "user") this.#stopCause = cause;
    this.#append({ type: "run-stopping", cause: this.#stopCause, force });
    for (const attempt of this.#alive.values()) attempt.stop(this.#stopCause, force);
    this.#askStep();
  }

  stopInstance(name: string, force: boolean, cause: Extract<StopCause, { kind: "user" | "internal" }>): ControlAnswer {
    const message = whyItCannotStop(this.#state, name);
    if (message !== undefined) return { ok: false, message };
    const attempt = this.#alive.get(name);
    const instance = this.#order.find((each) => each.name === name);
    if (attempt !== undefined) attempt.stop(cause, force);
    else if (instance !== undefined)
      this.#settle(instance, "stopped", "stopped on request", cause.kind === "user" ? cause : {});
    this.#askStep();
    return { ok: true, message: `\`${name}\` is being stopped` };
  }

  /** What a person asks of the run as it is now. */
  ask(asking: (state: RunState, needs: ReadonlyMap<string, readonly ResolvedNeed[]>) => Asked): ControlAnswer {
    const asked = asking(this.#state, this.#needs);
    if ("refused" in asked) return { ok: false, message: asked.refused };
    if ("already" in asked) return { ok: true, message: asked.already };
    this.#append(asked.event);
    if (asked.event.type === "budget-changed") this.#rebudget(asked.event);
    this.#askStep();
    return { ok: true, message: asked.message };
  }

  /** What a budget has parked need not wait for its window any more: it is looked at now. */
  #rebudget(limit: BudgetLimit): void {
    this.#budgets.change(limit, this.#state.plan.limits, this.#alive.values());
    for (const { name, phase, attempts } of this.#state.instances.values()) {
      if (phase.status === "retrying" && attempts.at(-1)?.end?.failure?.kind === "budget") this.#times.forget(name);
    }
  }

  /**
   * Events wait in memory meanwhile, these among them: on disk in the end, they tell why nothing started. Where the log is
   * lost what runs goes on to its end, and nothing else starts.
   */
  #heedTrouble(trouble: WritingTrouble | undefined): void {
    if (trouble?.kind === "lost") this.#stopCause ??= { kind: "internal", message: `not started: ${trouble.message}` };
    const event = troubleEvent(this.#state, trouble);
    if (event !== undefined) this.#append(event);
    this.#askStep();
  }

  #create(request: RunRequest, { processes, log }: EngineParts): RunState {
    const created = reduceRun(undefined, log.append(createdEvent(request, processes.machine())));
    if (created === undefined) throw new Error("a run-created event did not create a run");
    return created;
  }

  #takeUp(request: ResumeRequest): void {
    const { processes, clock } = this.#parts;
    for (const event of takingUp(request, this.#needs, processes.machine())) this.#append(event);
    const { plan } = request;
    this.#budgets.restore({ ...this.#state, plan }, plan.limits, clock.monotonic() - clock.wall());
  }

  /** An instance as the earlier supervisor left it: what was in flight is taken over, what was being decided is decided. */
  #recover(instance: InstancePlan): void {
    const state = this.#state.instances.get(instance.name);
    if (state === undefined) return;
    const { phase, attempts } = state;
    const end = attempts.at(-1)?.end;
    if (phase.status === "running" || phase.status === "stopping") this.#takeOver(instance, state);
    else if (phase.status === "ended" && end !== undefined) this.#decide(instance, end);
    else if (phase.status === "retrying") this.#times.retryAfter(instance.name, phase.until - this.#parts.clock.wall());
  }

  #takeOver(instance: InstancePlan, { attempts, phase }: InstanceState): void {
    const begun = attempts.at(-1);
    if (begun === undefined) return;
    const prepared = this.#preparing.last(this.#state, instance);
    if (prepared === undefined) return;
    if ("problem" in prepared) {
      this.#settle(instance, "failed", prepared.problem);
      return;
    }
    const attempt = this.#newAttempt(prepared);
    const cause = phase.status === "stopping" ? phase.cause : undefined;
    this.#follow(attempt, attempt.takeOver(begun, { cause, lastSeen: this.#lastSeen }));
  }

  #append(event: RunEvent): LoggedEvent {
    const logged = this.#log.append(event);
    this.#state = reduceRun(this.#state, logged) ?? this.#state;
    return logged;
  }

  /** Looks at the wall clock at least twice a minute, so that a clock set right or a laptop that slept moves the start. */
  #waitForStart(): void {
    const startAt = startOf(this.#request);
    const { clock } = this.#parts;
    const left = startAt === undefined ? 0 : startAt - clock.wall();
    if (this.#stopCause !== undefined || left <= 0) {
      if (this.#stopCause === undefined) this.#append({ type: "run-started" });
      this.#askStep();
      return;
    }
    if (this.#state.phase.status === "created") this.#append({ type: "run-scheduled", until: clock.wall() + left });
    this.#times.lookAtStart(left, () => this.#waitForStart());
  }

  /** Many things that happen at once ask for one step. */
  #askStep(): void {
    if (this.#stepAsked) return;
    this.#stepAsked = true;
    Promise.resolve()
      .then(() => {
        this.#stepAsked = false;
        this.#step();
      })
      .catch((error: unknown) => this.#fail(error));
  }

  #step(): void {
    if (this.#state.phase.status === "settled") return;
    if (this.#stopCause !== undefined || this.#bug !== undefined) this.#settleAllIdle();
    else if (this.#state.phase.status === "running") this.#startAndSkip();
    if (this.#alive.size === 0 && this.#unsettled().length === 0) this.#finish();
  }

  /** Skips and refusals settle instances, which may let others be skipped: repeated until nothing moves. */
  #startAndSkip(): void {
    let before: RunState;
    do {
      before = this.#state;
      for (const instance of this.#unsettled()) this.#consider(instance);
    } while (this.#state !== before && this.#unsettled().length > 0);
    if (this.#alive.size === 0 && this.#state.paused === undefined) this.#refuseWhatNeverFrees();
  }

  #unsettled(): readonly InstancePlan[] {
    return this.#order.filter(({ name }) => {
      return this.#state.instances.get(name)?.phase.status !== "settled" && !this.#alive.has(name);
    });
  }

  #consider(instance: InstancePlan): void {
    const answer = readiness(this.#state, instance, this.#needs.get(instance.name) ?? []);
    if (answer.is === "skip") this.#settle(instance, "skipped", answer.reason);
    if (answer.is === "broken") this.#settle(instance, "failed", answer.reason);
    if (answer.is !== "ready" || this.#state.paused !== undefined || !this.#times.isDue(instance.name)) return;
    const admission = this.#admit(instance);
    if (admission.is === "refused") this.#settle(instance, admission.verdict, admission.reason);
    else if (admission.is === "held") this.#hold(instance, admission);
    else if (this.#hasRoom) this.#start(instance);
  }

  #admit(instance: InstancePlan): Admission {
    const admission = this.#budgets.admit(instance, this.#alive.values());
    if (admission.is !== "free") return admission;
    return this.#usage.admit(this.#state, instance, this.#parts.clock.wall());
  }

  /** Room under `concurrency`, and `startup_delay` kept since the last start. */
  get #hasRoom(): boolean {
    return this.#alive.size < this.#request.plan.concurrency && this.#times.delayIsOver;
  }

  #hold({ name }: InstancePlan, held: Extract<Admission, { is: "held" }>): void {
    const event = this.#times.hold(name, this.#state.instances.get(name)?.phase, held);
    if (event !== undefined) this.#append(event);
  }

  /** With nothing running, a paused limit that no time will free holds its instances for ever: they are refused instead. */
  #refuseWhatNeverFrees(): void {
    for (const instance of this.#unsettled()) {
      const phase = this.#state.instances.get(instance.name)?.phase;
      if (phase?.status !== "held" || phase.until !== undefined || this.#admit(instance).is === "free") continue;
      this.#settle(instance, "budget_exceeded", `not started: ${phase.reason}`);
      this.#askStep();
    }
  }

  #start(instance: InstancePlan): void {
    const cheaper = downgradeBefore(this.#state, instance, this.#parts.agents);
    if (cheaper !== undefined) this.#append(cheaper);
    const prepared = this.#preparing.next(this.#state, instance);
    if ("problem" in prepared) {
      this.#settle(instance, "failed", prepared.problem);
      return;
    }
    this.#times.starts(this.#request.plan.startupDelayMs);
    const attempt = this.#newAttempt(prepared);
    this.#follow(
      attempt,
      attempt.run(() => this.#flushBefore(instance, this.#parts.log.flush())),
    );
  }

  #newAttempt(prepared: PreparedAttempt): Attempt {
    const attempt = new Attempt(prepared, this.#parts, {
      watch: (each) => this.#budgets.watch(each, this.#alive.values()),
      reserve: (each, asked) => this.#budgets.reserve(each, asked),
      release: (each, request) => this.#budgets.release(each, request),
    });
    this.#alive.set(attempt.name, attempt);
    return attempt;
  }

  /** Where the log is lost what runs goes on to its end, and nothing else starts: this attempt is given up before its process. */
  async #flushBefore({ name }: InstancePlan, flushed: Promise<void>): Promise<void> {
    try {
      await flushed;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#stopCause ??= { kind: "internal", message: `not started: ${message}` };
      this.#alive.get(name)?.stop(this.#stopCause, false);
      this.#askStep();
    }
  }

  #follow(attempt: Attempt, ended: Promise<AttemptVerdict>): void {
    ended
      .then((verdict) => {
        this.#alive.delete(attempt.name);
        this.#decide(attempt.prepared.instance, verdict);
      })
      .catch((error: unknown) => {
        this.#alive.delete(attempt.name);
        this.#fail(error);
      });
  }

  /** The last attempt is over: its instance is tried again, or settles. */
  #decide(instance: InstancePlan, ended: AttemptVerdict): void {
    if (this.#stopCause !== undefined && ended.failure?.kind === "interrupted") {
      // Its work would have gone on: it settles as what is stopped before its next attempt, and can be gone on with.
      this.#askStep();
      return;
    }
    const state = this.#state.instances.get(instance.name);
    const isFree = (): boolean => this.#budgets.admit(instance, this.#alive.values()).is === "free";
    const retry =
      this.#stopCause === undefined ? this.#retrying.after(this.#state, instance, ended, isFree) : undefined;
    if (retry?.first !== undefined) this.#append(retry.first);
    if (retry === undefined) {
      this.#settle(instance, ended.verdict, this.#lastReason(instance) ?? ended.reason, ended);
    } else {
      this.#times.retryAfter(instance.name, retry.askAfterMs ?? retry.delayMs);
      const { delayMs, reason } = retry;
      this.#append({
        type: "retry-scheduled",
        instance: instance.name,
        attempt: nextNumber(state),
        until: this.#parts.clock.wall() + delayMs,
        reason,
        resume: retry.resume && this.#preparing.session(this.#state, instance) !== undefined,
      });
    }
    this.#askStep();
  }

  /** The sentence as logged, with secrets already taken out. */
  #lastReason(instance: InstancePlan): string | undefined {
    return this.#state.instances.get(instance.name)?.attempts.at(-1)?.end?.reason;
  }

  #settle(instance: InstancePlan, verdict: Verdict, reason: string, told: SettledFacts = {}): void {
    // Should a person ask for it anew, it owes no wait to what went before.
    this.#times.forget(instance.name);
    const { verification = "unverified", by } = told;
    this.#append({ type: "instance-settled", instance: instance.name, verdict, verification, reason, ...wishedBy(by) });
  }

  #settleAllIdle(): void {
    const stopped = this.#stopCause?.kind === "internal" ? this.#stopCause.message : "stopped before it began";
    const reason = this.#bug === undefined ? stopped : "not run: the orchestrator failed";
    for (const instance of this.#unsettled()) {
      const hasRun = (this.#state.instances.get(instance.name)?.attempts.length ?? 0) > 0;
      this.#settle(instance, "stopped", hasRun ? "stopped while it waited to try again" : reason);
    }
  }

  #finish(): void {
    this.#wakes.clear();
    this.#ignoreTrouble();
    const { outcome, exitCode } = decideOutcome(this.#state, this.#stopCause);
    const durationMs = this.#lasted + this.#parts.clock.monotonic() - this.#begin;
    this.#append({ type: "run-settled", outcome, exitCode, durationMs });
    const end = (): void =>
      this.#bug === undefined ? this.#done.resolve({ exitCode }) : this.#done.reject(this.#bug.error);
    // Whoever closes the log hears what was not written.
    Promise.race([this.#log.flush(), this.#asked.promise]).then(end, end);
  }

  /** A bug of ours: nothing may be left running, and the error goes to the caller. */
  #fail(error: unknown): void {
    this.#bug ??= { error };
    this.#asked.resolve();
    for (const attempt of this.#alive.values()) {
      attempt.stop({ kind: "internal", message: "the orchestrator failed" }, true);
    }
    if (this.#alive.size === 0) this.#done.reject(this.#bug.error);
  }
}
