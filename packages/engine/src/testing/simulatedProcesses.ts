import type { AgentEvent, ExitFacts, MachineFacts } from "@claude-orchestrator/domain";
import type { OutputSink, ProcessHost, ProcessSpec, RunningProcess, StopStep } from "../ports.ts";
import type { VirtualClock } from "./virtualClock.ts";

/** What one simulated process does: events at times, then an exit; how it takes a stop. */
export interface Script {
  readonly lines: readonly { readonly afterMs: number; readonly event: AgentEvent }[];
  readonly exitAfterMs: number;
  readonly exit: Omit<ExitFacts, "swept">;
  /** The mildest signal it heeds. */
  readonly heeds?: "SIGINT" | "SIGTERM" | "SIGKILL";
}

/** Processes that live on the virtual clock. Counts how many are alive, the most there ever were, and what was started. */
export class SimulatedProcesses implements ProcessHost {
  readonly #clock: VirtualClock;
  readonly #scriptOf: (spec: ProcessSpec, start: number) => Script;
  alive = 0;
  mostAlive = 0;
  readonly started: ProcessSpec[] = [];

  constructor(clock: VirtualClock, scriptOf: (spec: ProcessSpec, start: number) => Script) {
    this.#clock = clock;
    this.#scriptOf = scriptOf;
  }

  machine(): MachineFacts {
    return { platform: "simulated", node: "0", cores: 1, containment: "simulated" };
  }

  adopt(): Promise<RunningProcess> {
    const ended = Promise.resolve({ lost: true, swept: 0 } as const);
    return Promise.resolve({ identity: undefined, stop: () => undefined, ended });
  }

  start(spec: ProcessSpec, sink: OutputSink): RunningProcess {
    this.started.push(spec);
    const script = this.#scriptOf(spec, this.started.length);
    if (script.exit.spawnError !== undefined) {
      return {
        identity: undefined,
        stop: () => undefined,
        ended: Promise.resolve({ spawnError: script.exit.spawnError, swept: 0 }),
      };
    }
    this.alive += 1;
    this.mostAlive = Math.max(this.mostAlive, this.alive);
    return new SimulatedProcess(this.#clock, script, sink, () => (this.alive -= 1)).running(this.started.length);
  }
}

const severity = { SIGINT: 0, SIGHUP: 1, SIGTERM: 1, SIGKILL: 2 } as const;

class SimulatedProcess {
  readonly #clock: VirtualClock;
  readonly #script: Script;
  readonly #gone: () => void;
  readonly #cancels: (() => void)[] = [];
  #cancelLadder: () => void = () => undefined;
  #resolve: (exit: ExitFacts) => void = () => undefined;
  #isGone = false;

  constructor(clock: VirtualClock, script: Script, sink: OutputSink, gone: () => void) {
    this.#clock = clock;
    this.#script = script;
    this.#gone = gone;
    for (const { afterMs, event } of script.lines) {
      this.#cancels.push(clock.after(afterMs, () => sink.stdoutLine(JSON.stringify(event), 0)));
    }
    this.#cancels.push(clock.after(script.exitAfterMs, () => this.#end(script.exit)));
  }

  running(pid: number): RunningProcess {
    return {
      identity: { pid, startTime: "0", bootId: "simulated" },
      stop: (ladder) => this.#climb(ladder),
      ended: new Promise((resolve) => (this.#resolve = resolve)),
    };
  }

  #climb(ladder: readonly StopStep[]): void {
    this.#cancelLadder();
    const [step, ...rest] = ladder;
    if (step === undefined || this.#isGone) return;
    if (severity[step.signal] >= severity[this.#script.heeds ?? "SIGINT"]) this.#end({ signal: step.signal });
    else this.#cancelLadder = this.#clock.after(step.waitMs, () => this.#climb(rest));
  }

  #end(exit: Omit<ExitFacts, "swept">): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#cancelLadder();
    for (const cancel of this.#cancels) cancel();
    this.#gone();
    this.#resolve({ ...exit, swept: 0 });
  }
}
