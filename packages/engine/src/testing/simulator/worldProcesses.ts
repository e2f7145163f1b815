import type { AgentEvent, ExitFacts } from "@claude-orchestrator/domain";
import type { LeftProcess, OutputSink, ProcessSpec, RunningProcess, StopStep } from "../../ports.ts";
import type { Script } from "../simulatedProcesses.ts";
import type { VirtualClock } from "../virtualClock.ts";

/** A process of the simulated machine: it lives, prints into its spool and ends, whoever watches. */
export interface WorldProcess {
  readonly marker: string;
  readonly instance: string;
  /** Every event it has printed. */
  readonly spool: readonly AgentEvent[];
  readonly isAlive: boolean;
}

const severity = { SIGINT: 0, SIGHUP: 1, SIGTERM: 1, SIGKILL: 2 } as const;

/** The simulated machine's process table. Supervisors come and go; it stays. */
export class WorldProcesses {
  readonly #clock: VirtualClock;
  readonly #processes: Process[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get all(): readonly WorldProcess[] {
    return this.#processes;
  }

  get alive(): number {
    return this.#processes.filter(({ isAlive }) => isAlive).length;
  }

  start(spec: ProcessSpec, script: Script, sink: OutputSink): RunningProcess {
    if (script.exit.spawnError !== undefined) {
      const ended = Promise.resolve({ spawnError: script.exit.spawnError, swept: 0 });
      return { identity: undefined, stop: () => undefined, ended };
    }
    const process = new Process(this.#clock, spec, script);
    this.#processes.push(process);
    return process.watchedBy(sink, this.#processes.length, false);
  }

  adopt({ marker }: LeftProcess, sink: OutputSink): RunningProcess {
    const process = this.#processes.find((each) => each.marker === marker.value);
    if (process !== undefined) return process.watchedBy(sink, 1, true);
    const ended = Promise.resolve({ lost: true, swept: 0 } as const);
    return { identity: undefined, stop: () => undefined, ended, wasGone: true };
  }

  /** Its supervisor is gone: nobody watches, and where the machine ties them together they end with it. */
  abandon(endsWithSupervisor: boolean): void {
    for (const process of this.#processes) process.abandon(endsWithSupervisor);
  }

  /** As `kill -9` of one of them from outside. */
  killOne(choose: (count: number) => number): void {
    const alive = this.#processes.filter(({ isAlive }) => isAlive);
    alive[choose(alive.length)]?.kill();
  }
}

class Process implements WorldProcess {
  readonly marker: string;
  readonly instance: string;
  readonly spool: AgentEvent[] = [];
  readonly #clock: VirtualClock;
  readonly #script: Script;
  readonly #cancels: (() => void)[] = [];
  #sink: OutputSink | undefined;
  #settle: (exit: ExitFacts) => void = () => undefined;
  #exit: ExitFacts | undefined;
  #cancelLadder: () => void = () => undefined;

  constructor(clock: VirtualClock, spec: ProcessSpec, script: Script) {
    this.marker = spec.marker.value;
    this.instance = spec.argv[1] ?? "";
    this.#clock = clock;
    this.#script = script;
    for (const { afterMs, event } of script.lines) this.#cancels.push(clock.after(afterMs, () => this.#print(event)));
    this.#cancels.push(clock.after(script.exitAfterMs, () => this.#end({ ...script.exit, swept: 0 })));
  }

  get isAlive(): boolean {
    return this.#exit === undefined;
  }

  /** A supervisor that is not its parent hears what it printed before, and never how it ended. */
  watchedBy(sink: OutputSink, pid: number, isAdopted: boolean): RunningProcess {
    if (isAdopted) for (const event of this.spool) sink.stdoutLine(JSON.stringify(event), 0);
    const ended = new Promise<ExitFacts>((resolve) => {
      this.#settle = (exit) => resolve(isAdopted ? { lost: true, swept: 0 } : exit);
    });
    this.#sink = sink;
    const wasGone = isAdopted && this.#exit !== undefined ? ({ wasGone: true } as const) : {};
    if (this.#exit !== undefined) this.#settle(this.#exit);
    const identity = { pid, startTime: "1", bootId: "simulated" };
    return { identity, stop: (ladder) => this.#climb(ladder), ended, ...wasGone };
  }

  abandon(ends: boolean): void {
    this.#sink = undefined;
    this.#settle = () => undefined;
    this.#cancelLadder();
    if (ends) this.kill();
  }

  kill(): void {
    this.#end({ signal: "SIGKILL", swept: 0 });
  }

  #print(event: AgentEvent): void {
    this.spool.push(event);
    this.#sink?.stdoutLine(JSON.stringify(event), 0);
  }

  #climb(ladder: readonly StopStep[]): void {
    this.#cancelLadder();
    const [step, ...rest] = ladder;
    if (step === undefined || !this.isAlive) return;
    if (severity[step.signal] >= severity[this.#script.heeds ?? "SIGINT"]) this.#end({ signal: step.signal, swept: 0 });
    else this.#cancelLadder = this.#clock.after(step.waitMs, () => this.#climb(rest));
  }

  #end(exit: ExitFacts): void {
    if (this.#exit !== undefined) return;
    this.#exit = exit;
    this.#cancelLadder();
    for (const cancel of this.#cancels) cancel();
    this.#settle(exit);
  }
}
