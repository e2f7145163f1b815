import { statSync } from "node:fs";
import { formatBytes } from "@claude-orchestrator/domain";
import type { EventLog, WritingTrouble } from "@claude-orchestrator/engine/ports";
import { measureFolder } from "@claude-orchestrator/host";
import { tooLittleRoom } from "./diskBounds.ts";

type Trouble = WritingTrouble | undefined;
type TroubleListener = Parameters<EventLog["onTrouble"]>[0];

/** An instance at work, and what it writes: growing files, and a folder of its own where it has one. */
export interface Writer {
  readonly name: string;
  readonly files: readonly string[];
  readonly folder: string | undefined;
}

export interface DiskWatch {
  /** Folders on the disks that the run fills. */
  readonly places: readonly string[];
  readonly minFree: number;
  readonly maxRun: number | undefined;
  /** The run's own: its directory, and folders of its instances. */
  readonly folders: readonly string[];
  readonly writers: () => readonly Writer[];
  /** Ends the instance that writes most, since nothing else keeps the run within its bound. */
  readonly stop: (instance: string, because: string) => void;
}

const tickMs = 500;
/** Everything is counted anew at most so often, and never takes more than a tenth of the time. */
const countEveryMs = 5_000;
/** A run that was paused for its size and grows on all the same by this much is not only finishing what it has. */
const patience = 1.25;

/**
 * Keeps a run within its bounds on disk. Below the floor, or above its size, the engine hears of it as it hears of a log that
 * cannot be written: nothing more starts, the reason is on record, and it goes on by itself once there is room. Who writes on
 * until it is a quarter over is ended. Between two counts of everything only the growing files are looked at.
 */
export class DiskGovernor {
  readonly #watch: DiskWatch;
  readonly #listeners = new Set<() => void>();
  #trouble: Trouble;
  #timer: NodeJS.Timeout | undefined;
  #counted = new Map<string, number>();
  #spoolsThen = 0;
  #nextCount = 0;
  #isClosed = false;
  readonly #before = new Map<string, number>();

  constructor(watch: DiskWatch) {
    this.#watch = watch;
  }

  /** The log, whose trouble is also that of the disk. */
  governed(log: EventLog): EventLog {
    return {
      append: (event) => log.append(event),
      flush: () => log.flush(),
      subscribe: (reader) => log.subscribe(reader),
      onTrouble: (listener) => this.#join(log, listener),
    };
  }

  begin(): void {
    this.#again();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #join(log: EventLog, listener: TroubleListener): () => void {
    let ofLog: Trouble;
    const tell = (): void => listener(ofLog ?? this.#trouble);
    const leave = log.onTrouble((trouble) => {
      ofLog = trouble;
      tell();
    });
    this.#listeners.add(tell);
    return () => {
      this.#listeners.delete(tell);
      leave();
    };
  }

  #again(): void {
    if (this.#isClosed) return;
    // It never keeps the program alive.
    this.#timer = setTimeout(() => void this.#look().then(() => this.#again()), tickMs).unref();
  }

  async #look(): Promise<void> {
    const { places, minFree, maxRun } = this.#watch;
    const size = maxRun === undefined ? 0 : await this.#size();
    const room = tooLittleRoom(places, minFree);
    const isOver = maxRun !== undefined && size > maxRun;
    if (this.#isClosed) return;
    if (isOver) {
      const message = `the run's files and folders take ${formatBytes(size)}, more than the ${formatBytes(maxRun)} they may (disk.max_run)`;
      if (size > maxRun * patience) this.#endWriter(`stopped, since ${message}`);
      this.#set({ kind: "full", message });
    } else this.#set(room === undefined ? undefined : { kind: "full", message: room });
    for (const writer of this.#watch.writers()) this.#before.set(writer.name, this.#written(writer));
  }

  /** Told when it begins and when it is over, not each time a figure moves. */
  #set(trouble: Trouble): void {
    const isSame = (trouble === undefined) === (this.#trouble === undefined);
    if (isSame) return;
    this.#trouble = trouble;
    for (const tell of this.#listeners) tell();
  }

  async #size(): Promise<number> {
    const now = performance.now();
    if (now >= this.#nextCount) {
      const spools = this.#spools();
      for (const folder of this.#watch.folders) this.#counted.set(folder, (await measureFolder(folder)).bytes);
      this.#spoolsThen = spools;
      const took = performance.now() - now;
      this.#nextCount = performance.now() + Math.max(countEveryMs, took * 10);
    }
    const total = [...this.#counted.values()].reduce((sum, bytes) => sum + bytes, 0);
    return total + Math.max(0, this.#spools() - this.#spoolsThen);
  }

  #spools(): number {
    return this.#watch.writers().reduce((sum, { files }) => sum + bytesOf(files), 0);
  }

  #written({ files, folder }: Writer): number {
    return bytesOf(files) + (folder === undefined ? 0 : (this.#counted.get(folder) ?? 0));
  }

  #endWriter(because: string): void {
    const grown = this.#watch.writers().map((writer) => {
      return { name: writer.name, by: this.#written(writer) - (this.#before.get(writer.name) ?? 0) };
    });
    const [most] = grown.toSorted((a, b) => b.by - a.by);
    if (most !== undefined && most.by > 0) this.#watch.stop(most.name, because);
  }
}

function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}
