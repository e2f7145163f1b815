import { UserError } from "@claude-orchestrator/domain";
import type { RunId } from "@claude-orchestrator/domain";
import { keepPasted } from "../run/keepPasted.ts";
import { runFleet } from "../run/runFleet.ts";
import { makeRunsFolder } from "../run/runsFolder.ts";
import type { RunHandle, RunOptions, Source } from "./contract.ts";
import { embeddedIo } from "./embeddedIo.ts";
import { FollowedRun } from "./followedRun.ts";
import { refuseUnknownOptions } from "./optionNames.ts";
import { planOf } from "./planOf.ts";
import { refusedInProgramWords } from "./programWords.ts";
import { runFlagsOf } from "./runWords.ts";
import { sourceFileOf } from "./sourceFile.ts";

/**
 * As the server begins a run: by `run --detach`, in a process of its own.
 *
 * @param program the words that start this program
 * @throws UserError where anything is wrong: then nothing was started
 */
export function beginRun(source: Source, options: RunOptions, program: readonly string[]): Promise<RunHandle> {
  return refusedInProgramWords(() => begun(source, options, program));
}

async function begun(source: Source, options: RunOptions, program: readonly string[]): Promise<RunHandle> {
  refuseUnknownOptions(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const io = embeddedIo(options, program);
  const file = sourceFileOf(source, io);
  if (file.kind === "text") await refuseProblems(source, options);
  const path = file.kind === "file" ? file.path : keepPasted(file.text, makeRunsFolder(io, options.runsFolder));
  const exitCode = await runFleet([], runFlagsOf(path, options), io);
  if (exitCode !== 0) throw notStarted(io.said());
  const { run, directory } = JSON.parse(io.printed()) as { readonly run: RunId; readonly directory: string };
  const handle = new FollowedRun({ id: run, directory });
  const stop = (): void => void handle.stop().catch(() => undefined);
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const forget = (): void => signal?.removeEventListener("abort", stop);
  handle.result.then(forget, forget);
  return handle;
}

/** An object is written into a file only where it can become a run. @throws UserError */
async function refuseProblems(source: Source, options: RunOptions): Promise<void> {
  const { problems } = await planOf(source, options);
  const [first, ...rest] = problems;
  if (first === undefined) return;
  const { code, hint } = first;
  const hinted = hint === undefined ? {} : { hint };
  if (rest.length === 0) throw new UserError(code, first.message, hinted);
  const list = problems.map(({ message }) => `  - ${message}`).join("\n");
  throw new UserError(code, `${problems.length} problems, so nothing was started:\n${list}`, hinted);
}

/** The supervisor's own words, where it came to none of its work. */
function notStarted(said: string): UserError {
  const [, message = said, hint] = /^(?:error: )?([\s\S]*?)(?:\n+hint: ([\s\S]*))?$/.exec(said.trim()) ?? [];
  const sentence = message.trim() === "" ? "The run did not come to its start" : message.trim();
  return new UserError("run-not-running", sentence, hint === undefined ? {} : { hint: hint.trim() });
}
