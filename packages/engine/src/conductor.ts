import { reduceRun } from "@claude-orchestrator/domain";
import type {
  InstancePlan,
  LoggedEvent,
  RunEvent,
  RunState,
  StopCause,
  Verdict,
  Verification,
} from "@claude-orchestrator/domain";
import { Attempt } from "./attempt.ts";
import { BudgetGuard } from "./budgetGuard.ts";
import type { EngineParts, RunRequest } from "./door.ts";
import { readiness, resolveNeeds } from "./needs.ts";
import type { ResolvedNeed } from "./needs.ts";
import { decideOutcome } from "./outcome.ts";
import type { EventLog } from "./ports.ts";
import { prepareAttempt } from "./prepareAttempt.ts";
import { withoutSecrets } from "./redact.ts";
import { decideRetry } from "./retry.ts";
import { scopeOf } from "./scope.ts";
import { Sessions } from "./sessions.ts";
import type { AttemptVerdict } from "./verdict.ts";

/*
 * Conducts one run.
 *
 * 1. `#step` is synchronous and the only place that starts, holds, skips or refuses; everything that happens asks for one.
 * 2. At most `plan.concurrency` attempts are alive.
 * 3. After `stop`, or with its log lost, nothing starts, and every instance settles. A stop never waits for the disk.
 * 4. The state is folded from the events the log has numbered, never written.
 * 5. `run-settled` is appended once, last, when no attempt is alive.
 */
export class Conductor {
  readonly #request: RunRequest;
  readonly #log: EventLog;
  readonly #parts: EngineParts;
  readonly #needs: ReadonlyMap<string, readonly ResolvedNeed[]>;
  /** Starting order: higher priority first, then the file's order. */
  readonly #order: readonly InstancePlan[];
  readonly #alive = new Map<string, Attempt>();
  readonly #budgets: BudgetGuard;
  /** Monotonic time before which an instance does not start again. */
  readonly #notBefore = new Map<string, number>();
  readonly #sessions = new Sessions();
  readonly #wakes = new Map<string, () => void>();
  readonly #begin: number;
  #state: RunState;
  #nextStart = 0;
  #stopCause: StopCause | undefined;
  #stepAsked = false;
  /** Settles at a stop asked for by the person. */
  readonly #asked = Promise.withResolvers<void>();
  #bug: { readonly error: unknown } | undefined;
  #resolve: (end: { readonly exitCode: number }) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(request: RunRequest, parts: EngineParts) {
    this.#request = request;
    this.#log = parts.log;
    // Attempts append through the conductor, so that its state follows every event.
    this.#parts = {
      ...parts,
      log: {
        append: (event) => this.#append(event),
        flush: () => Promise.race([parts.log.flush(), this.#asked.promise]),
        subscribe: (reader) => parts.log.subscribe(reader),
      },
    };
    this.#needs = resolveNeeds(request.plan);
    this.#order = request.plan.instances.toSorted((a, b) => b.priority - a.priority);
    this.#begin = parts.clock.monotonic();
    this.#budgets = new BudgetGuard(
      request.plan.limits,
      (event) => this.#append(event),
      () => parts.clock.monotonic(),
    );
    this.#state = this.#create(parts);
  }

  run(): Promise<{ readonly exitCode: number }> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#waitForStart();
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

  #create({ processes, log }: EngineParts): RunState {
    const { id, plan, version, source, directory, demo } = this.#request;
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
      }),
    );
    if (created === undefined) throw new Error("a run-created event did not create a run");
    return created;
  }

  #append(event: RunEvent): LoggedEvent {
    const logged = this.#log.append(event);
    this.#state = reduceRun(this.#state, logged) ?? this.#state;
    return logged;
  }

  /** Looks at the wall clock at least twice a minute, so that a clock set right or a laptop that slept moves the start. */
  #waitForStart(): void {
    const { startAt } = this.#request;
    const { clock } = this.#parts;
    const left = startAt === undefined ? 0 : startAt - clock.wall();
    if (this.#stopCause !== undefined || left <= 0) {
      if (this.#stopCause === undefined) this.#append({ type: "run-started" });
      this.#askStep();
      return;
    }
    if (this.#state.phase.status === "created") this.#append({ type: "run-scheduled", until: clock.wall() + left });
    this.#wake("start", Math.min(left, 30_000), () => this.#waitForStart());
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
    if (this.#alive.size === 0) this.#refuseWhatNeverFrees();
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
    if (answer.is !== "ready" || !this.#isDue(instance)) return;
    const admission = this.#budgets.admit(instance);
    if (admission.is === "refused") this.#settle(instance, "budget_exceeded", admission.reason);
    else if (admission.is === "held") this.#hold(instance, admission.reason, admission.freesInMs);
    else if (this.#hasRoom()) this.#start(instance);
  }

  #isDue(instance: InstancePlan): boolean {
    return (this.#notBefore.get(instance.name) ?? 0) <= this.#parts.clock.monotonic();
  }

  /** Room under `concurrency`, and `startup_delay` kept since the last start. */
  #hasRoom(): boolean {
    if (this.#alive.size >= this.#request.plan.concurrency) return false;
    const wait = this.#nextStart - this.#parts.clock.monotonic();
    if (wait <= 0) return true;
    this.#wake("startup-delay", wait, () => this.#askStep());
    return false;
  }

  #hold(instance: InstancePlan, reason: string, freesInMs: number | undefined): void {
    const phase = this.#state.instances.get(instance.name)?.phase;
    if (freesInMs !== undefined) this.#wake(`hold ${instance.name}`, freesInMs, () => this.#askStep());
    if (phase?.status === "held") return;
    const until = freesInMs === undefined ? {} : { until: this.#parts.clock.wall() + freesInMs };
    this.#append({ type: "instance-held", instance: instance.name, reason, ...until });
  }

  /** With nothing running, a paused limit that no time will free holds its instances for ever: they are refused instead. */
  #refuseWhatNeverFrees(): void {
    for (const instance of this.#unsettled()) {
      const phase = this.#state.instances.get(instance.name)?.phase;
      if (phase?.status !== "held" || phase.until !== undefined) continue;
      this.#settle(instance, "budget_exceeded", `not started: ${phase.reason}`);
      this.#askStep();
    }
  }

  #start(instance: InstancePlan): void {
    const number = (this.#state.instances.get(instance.name)?.attempts.length ?? 0) + 1;
    const prepared = prepareAttempt(this.#request, this.#parts, {
      instance,
      number,
      scope: scopeOf(this.#state, instance, number),
      resume: this.#sessions.toResume(this.#state, instance),
    });
    if ("problem" in prepared) {
      this.#settle(instance, "failed", prepared.problem);
      return;
    }
    this.#nextStart = this.#parts.clock.monotonic() + this.#request.plan.startupDelayMs;
    const { log } = this.#parts;
    const parts = { ...this.#parts, log: { ...log, flush: () => this.#flushBefore(instance, log.flush()) } };
    const attempt = new Attempt(prepared, parts, (each) => this.#budgets.watch(each, this.#alive.values()));
    this.#alive.set(instance.name, attempt);
    this.#follow(attempt);
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

  #follow(attempt: Attempt): void {
    attempt
      .run()
      .then((verdict) => this.#over(attempt, verdict))
      .catch((error: unknown) => {
        this.#alive.delete(attempt.name);
        this.#fail(error);
      });
  }

  #over(attempt: Attempt, verdict: AttemptVerdict): void {
    const { instance, number } = attempt.prepared;
    this.#alive.delete(instance.name);
    const retry = this.#stopCause === undefined ? this.#decideRetry(attempt, verdict) : undefined;
    if (retry === undefined) {
      this.#settle(instance, verdict.verdict, this.#lastReason(instance) ?? verdict.reason, verdict.verification);
    } else {
      const { clock } = this.#parts;
      this.#notBefore.set(instance.name, clock.monotonic() + retry.delayMs);
      this.#wake(`retry ${instance.name}`, retry.delayMs, () => this.#askStep());
      this.#append({
        type: "retry-scheduled",
        instance: instance.name,
        attempt: number + 1,
        until: clock.wall() + retry.delayMs,
        reason: retry.reason,
        resume: retry.resume,
      });
    }
    this.#askStep();
  }

  /** The sentence as logged, with secrets already taken out. */
  #lastReason(instance: InstancePlan): string | undefined {
    return this.#state.instances.get(instance.name)?.attempts.at(-1)?.end?.reason;
  }

  #decideRetry(attempt: Attempt, { verdict, failure }: AttemptVerdict) {
    const { instance, number } = attempt.prepared;
    const hasClashed = failure?.kind === "session_in_use";
    const sessionClashes = this.#sessions.countClash(instance, hasClashed);
    const { clock, random } = this.#parts;
    const retry = decideRetry(instance, { number, verdict, failure, sessionClashes }, clock.wall(), random());
    this.#sessions.ended(instance, attempt.sessionId, { hasClashed, resumes: retry?.resume === true });
    return retry;
  }

  #settle(instance: InstancePlan, verdict: Verdict, reason: string, verification: Verification = "unverified"): void {
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
    for (const cancel of this.#wakes.values()) cancel();
    this.#wakes.clear();
    const { outcome, exitCode } = decideOutcome(this.#state, this.#stopCause);
    const durationMs = this.#parts.clock.monotonic() - this.#begin;
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

  #wake(name: string, ms: number, action: () => void): void {
    this.#wakes.get(name)?.();
    this.#wakes.set(name, this.#parts.clock.after(ms, action));
  }
}
