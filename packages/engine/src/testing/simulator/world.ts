import { foldRun, parseRunId } from "@claude-orchestrator/domain";
import type { LoggedEvent, Plan, RunState } from "@claude-orchestrator/domain";
import type { EngineParts, RunControl } from "../../door.ts";
import type { Clock, ProcessHost } from "../../ports.ts";
import { resumeRun, startRun } from "../../run.ts";
import type { Script } from "../simulatedProcesses.ts";
import { noEnvironment, plainAgent } from "../simulation.ts";
import { VirtualClock } from "../virtualClock.ts";
import type { Chance } from "./chance.ts";
import { WorldLog } from "./worldLog.ts";
import { WorldProcesses } from "./worldProcesses.ts";

export interface WorldOptions {
  readonly plan: Plan;
  readonly chance: Chance;
  readonly scriptOf: (instance: string, start: number) => Script;
  /** True: the machine ends every agent with its supervisor. False: they live on, and are adopted. */
  readonly endsWithSupervisor: boolean;
  /** Told of each start, before the process exists: what is on disk by then. */
  readonly onStart: (marker: string, durable: readonly LoggedEvent[]) => void;
}

/**
 * A machine on which supervisors of one run live and are killed. Time, disk and agents outlive them. Every append, sync,
 * start and alarm is a moment at which the supervisor can be gone; what it had not synced by then may be lost.
 */
export class World {
  readonly clock = new VirtualClock();
  readonly processes = new WorldProcesses(this.clock);
  readonly #log = new WorldLog(this.clock);
  readonly #options: WorldOptions;
  #life: Life | undefined;
  #starts = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  get durable(): readonly LoggedEvent[] {
    return this.#log.durable;
  }

  get state(): RunState | undefined {
    return foldRun(this.durable);
  }

  get control(): RunControl | undefined {
    return this.#life?.isGone === false ? this.#life.control : undefined;
  }

  get end(): { readonly exitCode: number } | undefined {
    return this.#life?.end;
  }

  /** A supervisor begins the run, or takes it up. It is killed at its `diesAt`th moment. */
  supervise(diesAt: number, reopen: readonly string[] = []): void {
    const history = this.state;
    const life = new Life(diesAt);
    this.#life = life;
    const parts = this.#parts(life);
    const request = { id: runId, plan: this.#options.plan, version: "0", directory: "/nowhere", ...noPrograms };
    life.begin(() =>
      history === undefined
        ? startRun(request, parts)
        : resumeRun({ ...request, history, lost: [], planChanged: false, reopen }, parts),
    );
  }

  killSupervisor(): void {
    this.#life?.die();
  }

  #parts(life: Life): EngineParts {
    const { chance } = this.#options;
    const log = this.#log.writer(
      () => life.isGone,
      () => life.moment(),
    );
    // Whoever closes the log waits for the disk.
    life.onEnd = () => this.#log.durable.push(...log.close());
    life.onDeath = () => {
      // The disk may have got any beginning of what nobody had been told is there.
      this.#log.durable.push(...log.pending.slice(0, chance.below(log.pending.length + 1)));
      this.processes.abandon(this.#options.endsWithSupervisor);
    };
    return {
      clock: this.#clockOf(life),
      processes: this.#hostOf(life),
      log,
      agents: new Map([["plain", plainAgent]]),
      checks: {
        snapshot: async () => ({ digest: "" }),
        run: async () => ({ check: "nothing", ok: true, detail: "" }),
      },
      environment: noEnvironment,
      random: () => chance.next(),
      uuid: () => "00000000-0000-4000-8000-000000000000",
    };
  }

  #clockOf(life: Life): Clock {
    const { clock } = this;
    return {
      wall: () => clock.wall(),
      monotonic: () => clock.monotonic(),
      after: (ms, action) =>
        clock.after(ms, () => {
          life.moment();
          if (!life.isGone) action();
        }),
    };
  }

  #hostOf(life: Life): ProcessHost {
    const never = { identity: undefined, stop: () => undefined, ended: new Promise<never>(() => undefined) };
    return {
      machine: () => ({ platform: "simulated", node: "0", cores: 1, containment: "simulated" }),
      turn: async () => {
        for (let each = 0; each < turnTakes; each += 1) {
          life.moment();
          await Promise.resolve();
        }
      },
      start: (spec, sink) => {
        life.moment();
        if (life.isGone) return never;
        this.#options.onStart(spec.marker.value, this.durable);
        this.#starts += 1;
        const script = this.#options.scriptOf(spec.argv[1] ?? "", this.#starts);
        const running = this.processes.start(spec, script, sink);
        life.moment();
        return running;
      },
      adopt: async (left, sink) => {
        life.moment();
        return life.isGone ? never : this.processes.adopt(left, sink);
      },
    };
  }
}

/** Long enough to be stopped and killed in. */
const turnTakes = 2;

const runId = parseRunId("run_0000000001") ?? unreachable();
const noPrograms = { programs: new Map(), contexts: new Map() } as const;

function unreachable(): never {
  throw new Error("the simulation's run id is malformed");
}

/** One supervisor, from its start to its last moment. */
class Life {
  isGone = false;
  end: { readonly exitCode: number } | undefined;
  control: RunControl | undefined;
  onDeath: () => void = () => undefined;
  onEnd: () => void = () => undefined;
  #left: number;

  constructor(diesAt: number) {
    this.#left = diesAt;
  }

  begin(start: () => RunControl): void {
    this.control = start();
    void this.control.done.then((end) => {
      if (this.isGone) return;
      this.end = end;
      this.onEnd();
    });
  }

  moment(): void {
    this.#left -= 1;
    if (this.#left <= 0) this.die();
  }

  die(): void {
    if (this.isGone || this.end !== undefined) return;
    this.isGone = true;
    this.onDeath();
  }
}
