import { breakerWords, costOf } from "@claude-orchestrator/domain";
import type {
  AgentEvent,
  AttemptState,
  ExitFacts,
  RunEvent,
  Spending,
  StopCause,
  SubAgents,
} from "@claude-orchestrator/domain";
import { askChecks, snapshotBefore } from "./acceptance.ts";
import { endedEvent, plannedEvent, toldOf } from "./attemptEvents.ts";
import { AttemptRequests } from "./attemptRequests.ts";
import type { AskedOfRoom, RequestsRoom } from "./attemptRequests.ts";
import type { Trip } from "./breakers/breakers.ts";
import { AttemptTimers } from "./attemptTimers.ts";
import { besideGateway } from "./bypass.ts";
import type { Grant } from "./budgetGuard.ts";
import type { EngineParts } from "./door.ts";
import { LastLines } from "./lastLines.ts";
import { Listener } from "./listener.ts";
import { Meter } from "./meter.ts";
import { OwnFolder } from "./ownFolder.ts";
import type {
  AgentParser,
  CheckAnswer,
  LeftProcess,
  OutputSink,
  ProcessSpec,
  RunningProcess,
  StopStep,
  WorkspaceSnapshot,
} from "./ports.ts";
import type { PreparedAttempt } from "./prepareAttempt.ts";
import { Replay } from "./replay.ts";
import type { WithoutPlace } from "./replay.ts";
import { decideVerdict, deservesChecks } from "./verdict.ts";
import type { AttemptVerdict } from "./verdict.ts";

/*
 * One attempt, from its intent in the log to its end.
 *
 * 1. `attempt-planned` is on disk before the process exists. Where the log does not wait for it (a stop), no process follows.
 * 2. The first cause of an end wins: a second `stop` can only hurry it.
 * 3. Whatever happens, exactly one `attempt-ended` is appended, and the promise of `run` settles after it.
 * 4. "Stopped?" is asked again after every await.
 * 5. Taken over from an earlier supervisor, it reads the whole output anew: its totals replace those in the log, and what the
 *    log has already is not told again.
 */

/** How often progress becomes an event at most; the screen redraws ten times a second. */
const progressEveryMs = 200;

const forcedLadder: readonly StopStep[] = [{ signal: "SIGKILL", to: "group", waitMs: 1000 }];

/** An agent whose request was refused is left so long to come to its end by itself. */
const refusedWaitMs = 30_000;

/** What an attempt may spend, and who is told what it does. */
export interface AttemptBudgets {
  /** Told each time what the attempt has spent changes. */
  watch(attempt: Attempt): void;
  /** Before one of its requests is sent, and after it is over. */
  reserve(attempt: Attempt, asked: AskedOfRoom): Grant;
  release(attempt: Attempt, request: number): void;
}

type AttemptEvent = Extract<RunEvent, { readonly attempt: number }>;

/** How an earlier supervisor left an attempt. */
export interface TakeOver {
  /** Why it was being stopped, if it was. */
  readonly cause: StopCause | undefined;
  /** The last that the log tells of the run, ms since 1970. */
  readonly lastSeen: number;
}

export class Attempt {
  readonly prepared: PreparedAttempt;
  readonly #parts: EngineParts;
  readonly #budgets: AttemptBudgets;
  readonly #listener: Listener;
  readonly #parser: AgentParser;
  readonly #errors = new LastLines();
  readonly #folder: OwnFolder;
  #cause: StopCause | undefined;
  #force = false;
  #process: RunningProcess | undefined;
  #timers: AttemptTimers | undefined;
  #cancelProgress: (() => void) | undefined;
  #startedAt = 0;
  #hasPrinted = false;
  /** When one that was taken over ended: before that, or after it under this supervisor, which is not its parent. */
  #endedUnseen: "before" | "after" | undefined;
  /** Set while what is heard may be in the log already. */
  #replay: Replay | undefined;
  #cancelChecks: () => void = () => undefined;
  /** Set on the gateway's path. */
  #requests: AttemptRequests | undefined;
  #cancelRefused: () => void = () => undefined;

  constructor(prepared: PreparedAttempt, parts: EngineParts, budgets: AttemptBudgets) {
    this.prepared = prepared;
    this.#parts = parts;
    this.#budgets = budgets;
    this.#requests = prepared.pass === undefined ? undefined : this.#openRequests();
    this.#listener = new Listener(new Meter(costOf, prepared.instance.model), prepared.redact);
    this.#parser = prepared.adapter.createParser(prepared.job);
    this.#folder = new OwnFolder(parts.workspaces, prepared);
  }

  get name(): string {
    return this.prepared.instance.name;
  }

  get number(): number {
    return this.prepared.number;
  }

  /** True once the agent has said its last word and only its process is still there. */
  get hasFinished(): boolean {
    return this.#listener.finished !== undefined;
  }

  get spent(): Spending {
    // An agent that found another way has asked nothing here: what it tells of itself is all there is.
    return this.#requests?.hasAsked === true ? this.#requests.spent : this.#listener.spent;
  }

  /** What of it the agent's own sub-agents have spent: known on the gateway's path only. */
  get subAgents(): SubAgents {
    return this.#requests?.subAgents ?? {};
  }

  get sessionId(): string | undefined {
    return this.#listener.sessionId;
  }

  #openRequests(): AttemptRequests {
    const { clock } = this.#parts;
    const room: RequestsRoom = {
      reserve: (asked) => this.#budgets.reserve(this, asked),
      release: (request) => this.#budgets.release(this, request),
      spentChanged: () => {
        this.#budgets.watch(this);
        this.#progressSoon();
      },
      append: (event) => this.#append(event),
      held: (text) => {
        this.#hearAll([{ type: "waiting", why: "other", text }]);
        // Before the log tells that it waits no longer.
        this.#progress();
      },
      isHolding: (any) => (any ? this.#timers?.standStill() : this.#timers?.goOn()),
      saw: (window) => this.#hearAll([{ type: "limit", ...window }]),
      refused: (cause) => {
        this.#cancelRefused = clock.after(refusedWaitMs, () => this.stop(cause, false));
      },
      wall: () => clock.wall(),
      // A log that is lost ends nothing that runs.
      recorded: () => this.#parts.log.flush().catch(() => undefined),
      tripped: (trip) => this.#tripped(trip),
    };
    return new AttemptRequests(room, this.prepared.breakers);
  }

  #tripped(trip: Trip): string | undefined {
    const { onTrip: action } = this.prepared.breakers;
    this.#append({ type: "breaker-tripped", ...trip, action });
    if (action === "warn") return undefined;
    this.stop({ kind: "breaker", ...trip }, false);
    return `a circuit breaker of claude-orchestrator has ended this attempt: ${breakerWords(trip)}`;
  }

  /** Ends the attempt. Only the first cause counts; `force` can be added later. */
  stop(cause: StopCause, force: boolean): void {
    const isFirst = this.#cause === undefined;
    const hurries = force && !this.#force;
    if (!isFirst && !hurries) return;
    if (isFirst) {
      this.#cause = cause;
      this.#append({ type: "attempt-stopping", cause });
      this.#cancelChecks();
    }
    this.#force = force;
    this.#sendStop();
  }

  #sendStop(): void {
    this.#process?.stop(this.#force ? forcedLadder : this.prepared.adapter.stopLadder);
  }

  /**
   * Never rejects but for a log that cannot be written.
   *
   * @param intentOnDisk settles once what was appended is on disk, or the attempt has been stopped
   */
  async run(intentOnDisk: () => Promise<void>): Promise<AttemptVerdict> {
    this.#startedAt = this.#parts.clock.monotonic();
    this.#append(plannedEvent(this.prepared));
    if (this.#folder.exists) await this.#prepareWorkspace(intentOnDisk);
    const before = this.#mayStart ? await this.#snapshot() : undefined;
    await intentOnDisk();
    await this.#parts.processes.turn?.();
    this.#letThrough();
    const exit = this.#mayStart ? await this.#runProcess() : { swept: 0 };
    return this.#conclude(exit, before);
  }

  #letThrough(): void {
    if (this.#requests !== undefined) this.prepared.pass?.answerTo(this.#requests);
  }

  async #conclude(exit: ExitFacts, before: WorkspaceSnapshot | undefined): Promise<AttemptVerdict> {
    this.#cancelRefused();
    this.prepared.pass?.close();
    this.#hearAll(this.#parser.ended(exit));
    this.#budgets.watch(this);
    if (this.#folder.exists && !this.#force) await this.#recordWorkspace();
    const checks = await this.#check(exit, before);
    return this.#end(exit, checks);
  }

  /**
   * Goes on with an attempt that an earlier supervisor began: with its process where that still runs, else with what it has
   * printed. Never rejects but for a log that cannot be written.
   */
  async takeOver(begun: AttemptState, { cause, lastSeen }: TakeOver): Promise<AttemptVerdict> {
    // (2): it was being stopped already, and the log says why.
    this.#cause = cause;
    const { clock } = this.#parts;
    const elapsedMs = Math.max(0, clock.wall() - begun.plannedAt);
    this.#startedAt = clock.monotonic() - elapsedMs;
    this.#replay = new Replay(begun);
    const process = await this.#parts.processes.adopt(leftProcess(this.prepared.spec, begun), this.#sink());
    const wasGone = process.wasGone === true;
    this.#append({ type: "attempt-adopted", ...(wasGone ? { wasGone } : {}) });
    this.#endedUnseen = wasGone ? "before" : "after";
    // Also where no gateway is there any more: what was under way must settle.
    if (begun.requests !== undefined) this.#requests ??= this.#openRequests();
    this.#requests?.takeOver(begun);
    this.#letThrough();
    this.#tellWhatWasNew();
    this.#process = process;
    if (this.#cause !== undefined) this.#sendStop();
    const exit = await this.#ended(process, elapsedMs);
    // What lies between its last sign of life and now was nobody's work.
    if (wasGone) this.#startedAt = clock.monotonic() - Math.max(0, lastSeen - begun.plannedAt);
    return this.#conclude(exit, begun.digestBefore === undefined ? undefined : { digest: begun.digestBefore });
  }

  /** Counters now are those of the whole output, whatever the log had of it. */
  #tellWhatWasNew(): void {
    const unknown = this.#replay?.unknown ?? [];
    this.#replay = undefined;
    for (const event of unknown) this.#append(event);
    const { events, unreadable } = this.#listener;
    this.#listener.takeNews();
    this.#append({ type: "attempt-progressed", ...this.#counters(), events, unreadable, activity: [], omitted: 0 });
    this.#budgets.watch(this);
  }

  async #snapshot(): Promise<WorkspaceSnapshot | undefined> {
    const snapshot = await snapshotBefore(this.prepared, this.#parts.checks);
    if (snapshot !== undefined) this.#append({ type: "workspace-noted", digest: snapshot.digest });
    return snapshot;
  }

  get #mayStart(): boolean {
    return this.#cause === undefined && this.#folder.problem === undefined;
  }

  /** Its set-up command is a process of the attempt like any other (1). */
  async #prepareWorkspace(intentOnDisk: () => Promise<void>): Promise<void> {
    await intentOnDisk();
    if (this.#cause !== undefined) return;
    const cancelled = new Promise<void>((resolve) => (this.#cancelChecks = resolve));
    const workspace = await this.#folder.prepare(cancelled);
    if (workspace !== undefined) this.#append({ type: "workspace-prepared", workspace });
  }

  async #recordWorkspace(): Promise<void> {
    const changes = await this.#folder.record();
    if (changes !== undefined) this.#append({ type: "workspace-recorded", changes });
  }

  #sink(): OutputSink {
    return {
      stdoutLine: (text, droppedBytes) => this.#stdoutLine(text, droppedBytes),
      stderrLine: (text, droppedBytes) => this.#stderrLine(text, droppedBytes),
    };
  }

  async #runProcess(): Promise<ExitFacts> {
    const process = this.#parts.processes.start(this.prepared.spec, this.#sink());
    this.#process = process;
    if (process.identity !== undefined) this.#append({ type: "attempt-started", process: process.identity });
    return this.#ended(process, 0);
  }

  async #ended(process: RunningProcess, elapsedMs: number): Promise<ExitFacts> {
    const timed = { instance: this.prepared.instance, elapsedMs, hasPrinted: this.#hasPrinted };
    this.#timers = new AttemptTimers(this.#parts.clock, timed, (cause) => this.stop(cause, false));
    const exit = await process.ended;
    this.#timers.clear();
    this.#process = undefined;
    return exit;
  }

  #stdoutLine(text: string, droppedBytes: number): void {
    this.#hasPrinted = true;
    this.#timers?.heardFirst();
    this.#read(text, () => this.#parser.stdoutLine(text, droppedBytes));
  }

  #stderrLine(text: string, droppedBytes: number): void {
    this.#errors.add(text);
    this.#read(text, () => this.#parser.stderrLine(text, droppedBytes));
  }

  /** No line whatever ends the reader: a parser that throws has a bug, and the line is counted as unreadable. */
  #read(text: string, parse: () => readonly AgentEvent[]): void {
    this.#timers?.heard();
    let events: readonly AgentEvent[];
    try {
      events = parse();
    } catch (error) {
      events = [{ type: "unreadable", line: text.slice(0, 200), why: String(error) }];
    }
    this.#hearAll(events);
    this.#progressSoon();
  }

  #hearAll(events: readonly AgentEvent[]): void {
    let hasSpent = false;
    for (const event of events) hasSpent = this.#hear(event) || hasSpent;
    if (hasSpent && this.#replay === undefined) this.#budgets.watch(this);
  }

  #hear(event: AgentEvent): boolean {
    const hasSpent = this.#listener.hear(event);
    const told = toldOf(event, this.prepared.redact);
    if (told !== undefined && this.#replay === undefined) this.#append(told);
    else if (told !== undefined) this.#replay?.hear(told);
    return hasSpent;
  }

  #progressSoon(): void {
    if (this.#replay !== undefined) return;
    this.#cancelProgress ??= this.#parts.clock.after(progressEveryMs, () => {
      this.#cancelProgress = undefined;
      this.#progress();
    });
  }

  #progress(): void {
    const news = this.#listener.takeNews();
    if (news === undefined) return;
    const { events, unreadable } = this.#listener;
    this.#append({ type: "attempt-progressed", ...this.#counters(), events, unreadable, ...news });
  }

  #counters() {
    const { tools, turns } = this.#listener;
    return { spent: this.spent, tools, turns };
  }

  #check(exit: ExitFacts, before: WorkspaceSnapshot | undefined): Promise<readonly CheckAnswer[]> {
    return askChecks(this.prepared, this.#parts.checks, {
      finished: this.#listener.finished,
      before,
      cancelled: new Promise<void>((resolve) => (this.#cancelChecks = resolve)),
      deserves: () => deservesChecks(this.#facts(exit)),
      answered: ({ check, ok, detail }) => {
        this.#append({ type: "check-finished", check, ok, detail: this.prepared.redact(detail) });
      },
    });
  }

  #facts(exit: ExitFacts) {
    const { failure, finished, deniedTools } = this.#listener;
    const refusal = this.#requests?.refusal;
    const unprepared = this.#folder.problem;
    return {
      instance: this.prepared.instance,
      cause: this.#cause,
      exit,
      finished: finished === undefined || failure === undefined ? finished : { ...finished, failure },
      deniedTools,
      lastErrorLine: this.#errors.last,
      hasSession: this.#listener.sessionId !== undefined,
      ...(this.#endedUnseen === undefined ? {} : { endedUnseen: this.#endedUnseen }),
      ...(unprepared === undefined ? {} : { unprepared }),
      ...(refusal === undefined ? {} : { refusal }),
    };
  }

  #end(exit: ExitFacts, checks: readonly CheckAnswer[]): AttemptVerdict {
    this.#cancelProgress?.();
    this.#progress();
    const verdict = decideVerdict({ ...this.#facts(exit), checks });
    const { finished, events, unreadable, sessionId } = this.#listener;
    this.#append(
      endedEvent(verdict, {
        exit,
        durationMs: this.#parts.clock.monotonic() - this.#startedAt,
        counters: { ...this.#counters(), ...besideGateway(this.#requests, this.#listener.spent), events, unreadable },
        finished,
        sessionId,
        lastLines: this.#lastLines(),
        redact: this.prepared.redact,
      }),
    );
    return verdict;
  }

  /** What a person would scroll up for: the errors, or the output where there were none. */
  #lastLines(): readonly string[] {
    return this.#errors.all.length > 0 ? this.#errors.all : this.#listener.lastWords.all;
  }

  #append(event: WithoutPlace<AttemptEvent>): void {
    this.#parts.log.append({ ...event, instance: this.name, attempt: this.number });
  }
}

function leftProcess(spec: ProcessSpec, begun: AttemptState): LeftProcess {
  const { marker, spool, privateDirectory, maxLineBytes } = spec;
  return { identity: begun.process, marker, spool, privateDirectory, maxLineBytes };
}
