import { setTimeout as wait } from "node:timers/promises";
import { totalSpending, totalTokens, UserError } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunId, RunState } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import type { FoundRun } from "@claude-orchestrator/store";
import { resultDocument } from "../reports/resultDocument.ts";
import type { RunFold } from "../run/runFold.ts";
import { askRun } from "../supervise/askRun.ts";
import { followRun } from "../supervise/followRun.ts";
import { interruptedHint } from "../supervise/standing.ts";
import type { InstanceResult, RunHandle, RunResult, StopOptions } from "./contract.ts";

const pageEvents = 512;
const pollMs = 100;

/** A run that another process supervises, told from its log. */
export class FollowedRun implements RunHandle {
  readonly id: string;
  readonly directory: string;
  readonly result: Promise<RunResult>;
  readonly #id: RunId;
  #hasEnded = false;

  constructor({ id, directory }: FoundRun) {
    this.#id = id;
    this.id = id;
    this.directory = directory;
    this.result = this.#end();
    // Whoever only iterates hears of it there.
    this.result.catch(() => undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LoggedEvent, void, undefined> {
    const log = openRunLog(this.directory);
    try {
      for (let next = 1; ;) {
        // Asked before the log is read: what was written between the two is in this page.
        const isOver = this.#hasEnded;
        const events = log.eventsUnlessHeld(next, pageEvents);
        next = (events.at(-1)?.seq ?? next - 1) + 1;
        yield* events;
        if (events.length > 0) continue;
        if (isOver) break;
        await wait(pollMs);
      }
    } finally {
      log.close();
    }
    await this.result;
  }

  async stop({ force = false }: StopOptions = {}): Promise<RunResult> {
    try {
      if (!this.#hasEnded) await askRun({ id: this.#id, directory: this.directory }, { kind: "stop", force });
    } catch (error) {
      // It has ended meanwhile; how, its log says.
      if (!(error instanceof UserError) || error.code !== "run-not-running") throw error;
    }
    return this.result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) await this.stop();
  }

  async #end(): Promise<RunResult> {
    try {
      const { fold } = await followRun({
        directory: this.directory,
        onEvents: () => undefined,
        enough: new Promise(() => undefined),
      });
      return resultOf(fold, this.id);
    } finally {
      this.#hasEnded = true;
    }
  }
}

/** @throws UserError run-not-running: its log has no end */
function resultOf(fold: RunFold, id: string): RunResult {
  const { state } = fold;
  if (state?.phase.status !== "settled") {
    throw new UserError("run-not-running", `${id} was interrupted: its program ended before it did`, {
      hint: interruptedHint(id),
    });
  }
  const { outcome, exitCode, durationMs } = state.phase;
  const spent = totalSpending(state);
  return {
    id,
    outcome,
    exitCode,
    durationMs,
    tokens: totalTokens(spent.usage),
    costUsd: spent.costUsd,
    instances: instancesOf(state),
    document: resultDocument(state, fold.uses(state.phase.at)),
  };
}

function instancesOf(state: RunState): readonly InstanceResult[] {
  return [...state.instances.values()].flatMap(({ name, phase, attempts }) => {
    // Of a settled run each has settled.
    if (phase.status !== "settled") return [];
    const { verdict, verification, reason } = phase;
    const result = attempts.findLast(({ end }) => end !== undefined)?.end?.result;
    return [{ name, verdict, verification, reason, result }];
  });
}
