import { defaultUsagePolicy, reduceRun } from "@claude-orchestrator/domain";
import type {
  InstancePlan,
  InstanceState,
  LoggedEvent,
  RunEvent,
  RunState,
  StopCause,
  UsagePolicy,
  Verdict,
  Verification,
} from "@claude-orchestrator/domain";
import { Attempt } from "./attempt.ts";
import { attemptsMade } from "./attemptsMade.ts";
import { askAgain, askToGoOn, askToPause, troubleEvent } from "./asking.ts";
import type { Asked } from "./asking.ts";
import { BudgetGuard } from "./budgetGuard.ts";
import type { Admission } from "./admission.ts";
import type { ControlAnswer, EngineParts, ResumeRequest, RunRequest } from "./door.ts";
import { readiness, resolveNeeds } from "./needs.ts";
import type { ResolvedNeed } from "./needs.ts";
import { decideOutcome } from "./outcome.ts";
import type { EventLog, WritingTrouble } from "./ports.ts";
import type { PreparedAttempt } from "./prepareAttempt.ts";
import { nextNumber, Preparing } from "./preparing.ts";
import { withoutSecrets } from "./redact.ts";
import { decideRetry } from "./retry.ts";
import type { RetryDecision } from "./retry.ts";
import { lastedOf, startOf, takingUp } from "./takingUp.ts";
import { afterLimit, UsageGuard } from "./usageGuard.ts";
import type { AttemptVerdict } from "./verdict.ts";
import { Wakes } from "./wakes.ts";

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
  readonly #usagePolicy: UsagePolicy;
  readonly #usage: UsageGuard;
  /** Monotonic time before which an instance does not start again. */
  readonly #notBefore = new Map<string, number>();
  readonly #wakes: Wakes;
  readonly #preparing: Preparing;
  readonly #begin: number;
  /** The last that the log told of the run when it was taken up, ms since 1970. */
  readonly #lastSeen: number;
  /** How long the run had lasted, in ms, when this supervisor took it up. */
  readonly #lasted: number;
  #state: RunState;
  #nextStart = 0;
  #stopCause: StopCause | undefined;
  #stepAsked = false;
  /** Settles at a stop asked for by the person. */
  readonly #asked = Promise.withResolvers<void>();
  #bug: { readonly error: unknown } | undefined;
  #resolve: (end: { readonly exitCode: number }) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #ignoreTrouble: () => void = () => undefined;

  constructor(request: RunRequest | ResumeRequest, parts: EngineParts) {
    this.#request = request;
    this.#log = parts.log;
    // Attempts append through the conductor, so that its state follows every event.
    this.#parts = {
      ...parts,
      log: {
        append: (event) => this.#append(event),
        flush: () => Promise.race([parts.log.flush(), this.#asked.promise]),
        subscribe: (reader) => parts.log.subscribe(reader),
        onTrouble: (listener) => parts.log.onTrouble(listener),
      },
    };
    this.#needs = resolveNeeds(request.plan);
    this.#order = request.plan.instances.toSorted((a, b) => b.priority - a.priority);
    this.#begin = parts.clock.monotonic();
    this.#wakes = new Wakes(parts.clock);
    this.#preparing = new Preparing(request, this.#parts);
    this.#budgets = new BudgetGuard(
      request.plan.limits,
      (event) => this.#append(event),
      () => parts.clock.monotonic(),
    );
    this.#usagePolicy = request.plan.usage ?? defaultUsagePolicy;
    this.#usage = new UsageGuard(this.#usagePolicy, parts.random);
    this.#lastSeen = "history" in request ? request.history.lastAt : 0;
    this.#lasted = "history" in request ? lastedOf(request.history) : 0;
    if ("history" in request) {
      this.#state = request.history;
      this.#takeUp(request);
    } else this.#state = this.#create(request, parts);
  }

  run(): Promise<{ readonly exitCode: number }> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#ignoreTrouble = this.#log.onTrouble((trouble) => this.#heedTrouble(trouble));
      if (this.#state.phase.status !== "running") {
        this.#waitForStart();
        return;
      }
      for (const instance of this.#order) this.#recover(instance);
      this.#askStep();
    });
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

  stopInstance(name: string, force: boolean, because?: string): ControlAnswer {
    const phase = this.#state.instances.get(name)?.phase;
    if (phase === undefined) return { ok: false, message: `there is no instance \`${name}\` in this run` };
    if (phase.status === "settled") return { ok: false, message: `\`${name}\` has ended already` };
    const attempt = this.#alive.get(name);
    const instance = this.#order.find((each) => each.name === name);
    const cause =
      because === undefined ? ({ kind: "user" } as const) : ({ kind: "internal", message: because } as const);
    if (attempt !== undefined) attempt.stop(cause, force);
    else if (instance !== undefined) this.#settle(instance, "stopped", "stopped on request");
    this.#askStep();
    return { ok: true, message: `\`${name}\` is being stopped` };
  }

  pause(): ControlAnswer {
    return this.#grant(askToPause(this.#state));
  }

  unpause(): ControlAnswer {
    return this.#grant(askToGoOn(this.#state));
  }

  retry(wanted: readonly string[] | "failed"): ControlAnswer {
    return this.#grant(askAgain(this.#state, this.#needs, wanted));
  }

  #grant(asked: Asked): ControlAnswer {
    if ("refused" in asked) return { ok: false, message: asked.refused };
    this.#append(asked.event);
    this.#askStep();
    return { ok: true, message: asked.message };
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
    const { id, plan, version, source, directory, demo, replay } = request;
    const created = reduceRun(
      undefined,
      log.append({
        type: "run-created",
        id,
        plan: withoutSecrets(plan),
        version,
        ...(source === undefined ? {} : { source }),
        directory,
        machine: processes.machine(),
        ...(demo === undefined ? {} : { demo }),
        ...(replay === undefined ? {} : { replay }),
      }),
    );
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
    else if (phase.status === "retrying") this.#retryAfter(instance, phase.until - this.#parts.clock.wall());
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
    this.#wakes.set("start", Math.min(left, 30_000), () => this.#waitForStart());
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
    if (answer.is !== "ready" || this.#state.paused !== undefined || !this.#isDue(instance)) return;
    const admission = this.#admit(instance);
    if (admission.is === "refused") this.#settle(instance, admission.verdict, admission.reason);
    else if (admission.is === "held") this.#hold(instance, admission.reason, admission.freesInMs);
    else if (this.#hasRoom()) this.#start(instance);
  }

  #admit(instance: InstancePlan): Admission {
    const admission = this.#budgets.admit(instance, this.#alive.values());
    if (admission.is !== "free") return admission;
    return this.#usage.admit(this.#state, instance, this.#parts.clock.wall());
  }

  #isDue(instance: InstancePlan): boolean {
    return (this.#notBefore.get(instance.name) ?? 0) <= this.#parts.clock.monotonic();
  }

  /** Room under `concurrency`, and `startup_delay` kept since the last start. */
  #hasRoom(): boolean {
    if (this.#alive.size >= this.#request.plan.concurrency) return false;
    const wait = this.#nextStart - this.#parts.clock.monotonic();
    if (wait <= 0) return true;
    this.#wakes.set("startup-delay", wait, () => this.#askStep());
    return false;
  }

  /** Looked at again twice a minute, as the start is. Told anew where it lasts longer than was told. */
  #hold(instance: InstancePlan, reason: string, freesInMs: number | undefined): void {
    const phase = this.#state.instances.get(instance.name)?.phase;
    const until = freesInMs === undefined ? undefined : this.#parts.clock.wall() + freesInMs;
    if (freesInMs !== undefined) {
      this.#wakes.set(`hold ${instance.name}`, Math.min(freesInMs, 30_000), () => this.#askStep());
    }
    if (phase?.status === "held" && (until ?? 0) - (phase.until ?? Infinity) < 60_000) return;
    this.#append({ type: "instance-held", instance: instance.name, reason, ...(until === undefined ? {} : { until }) });
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
    const prepared = this.#preparing.next(this.#state, instance);
    if ("problem" in prepared) {
      this.#settle(instance, "failed", prepared.problem);
      return;
    }
    this.#nextStart = this.#parts.clock.monotonic() + this.#request.plan.startupDelayMs;
    const attempt = this.#newAttempt(prepared);
    this.#follow(
      attempt,
      attempt.run(() => this.#flushBefore(instance, this.#parts.log.flush())),
    );
  }

  #newAttempt(prepared: PreparedAttempt): Attempt {
    const attempt = new Attempt(prepared, this.#parts, {
      watch: (each) => this.#budgets.watch(each, this.#alive.values()),
      reserve: (each, request, worst) => this.#budgets.reserve(each, request, worst),
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
    const retry = this.#stopCause === undefined ? this.#decideRetry(instance, ended) : undefined;
    if (retry === undefined) {
      this.#settle(instance, ended.verdict, this.#lastReason(instance) ?? ended.reason, ended.verification);
    } else {
      this.#retryAfter(instance, retry.askAfterMs ?? retry.delayMs);
      this.#append({
        type: "retry-scheduled",
        instance: instance.name,
        attempt: nextNumber(this.#state.instances.get(instance.name)),
        until: this.#parts.clock.wall() + retry.delayMs,
        reason: retry.reason,
        resume: retry.resume && this.#preparing.session(this.#state, instance) !== undefined,
      });
    }
    this.#askStep();
  }

  #retryAfter({ name }: InstancePlan, ms: number): void {
    this.#notBefore.set(name, this.#parts.clock.monotonic() + ms);
    this.#wakes.set(`retry ${name}`, ms, () => this.#askStep());
  }

  /** The sentence as logged, with secrets already taken out. */
  #lastReason(instance: InstancePlan): string | undefined {
    return this.#state.instances.get(instance.name)?.attempts.at(-1)?.end?.reason;
  }

  #decideRetry(instance: InstancePlan, { verdict, failure }: AttemptVerdict): RetryDecision | undefined {
    const state = this.#state.instances.get(instance.name);
    if (state === undefined) return undefined;
    const { clock, random } = this.#parts;
    if (verdict === "stopped" && this.#wasStoppedBefore(state)) {
      return { delayMs: 0, reason: "it was being stopped when the run was taken up again", resume: true };
    }
    const made = attemptsMade(state, this.#usagePolicy);
    const recent = state.attempts.slice(state.attemptsBefore);
    const limit = afterLimit(this.#usagePolicy, recent, clock.wall(), random());
    return decideRetry(instance, { verdict, failure, made, limit }, clock.wall(), random());
  }

  /** True for an attempt of which only the earlier supervisor, about to stop the whole run, asked that it end. */
  #wasStoppedBefore({ attempts }: InstanceState): boolean {
    const { history } = { history: undefined, ...this.#request };
    return history?.phase.status === "stopping" && attempts.at(-1)?.adopted === true;
  }

  #settle(instance: InstancePlan, verdict: Verdict, reason: string, verification: Verification = "unverified"): void {
    // Should a person ask for it anew, it owes no wait to what went before.
    this.#notBefore.delete(instance.name);
    this.#append({ type: "instance-settled", instance: instance.name, verdict, verification, reason });
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
    const end = (): void => (this.#bug === undefined ? this.#resolve({ exitCode }) : this.#reject(this.#bug.error));
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
    if (this.#alive.size === 0) this.#reject(this.#bug.error);
  }
}
