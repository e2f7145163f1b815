import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatSettingDuration } from "@claude-orchestrator/domain";
import type { ExitFacts } from "@claude-orchestrator/domain";
import type { CheckContext, RunningProcess, StopStep } from "@claude-orchestrator/engine/ports";
import type { CheckRunnerOptions, Finding } from "./checkRunner.ts";

const keptLines = 5;
const keptCharacters = 300;
const ladder: readonly StopStep[] = [{ signal: "SIGTERM", to: "group", waitMs: 2_000 }];

/** Runs a program as a check: ok where it exits with 0 in time. The detail has the last lines it printed. */
export async function runCommandCheck(
  { host, clock }: CheckRunnerOptions,
  argv: readonly string[],
  context: CheckContext,
): Promise<Finding> {
  const scratch = await mkdtemp(join(tmpdir(), "claude-orchestrator-check-"));
  const lastLines: string[] = [];
  const keep = (text: string): void => {
    if (text.trim() === "") return;
    lastLines.push(text.slice(0, keptCharacters));
    if (lastLines.length > keptLines) lastLines.shift();
  };
  try {
    const running = host.start(
      {
        argv,
        cwd: context.cwd,
        env: context.env,
        marker: context.marker,
        spool: { stdout: join(scratch, "stdout"), stderr: join(scratch, "stderr") },
        privateDirectory: join(scratch, "private"),
        files: {},
        maxLineBytes: 64 * 1024,
      },
      { stdoutLine: keep, stderrLine: keep },
    );
    const stop = stopper(running);
    const cancelTimer = clock.after(context.timeoutMs, () => stop("timeout"));
    const cancel = (): void => stop("cancelled");
    context.cancelled.then(cancel, cancel);
    const exit = await running.ended;
    cancelTimer();
    return finding(exit, stop.because(), context.timeoutMs, lastLines);
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

type StopReason = "timeout" | "cancelled";

interface Stopper {
  (reason: StopReason): void;
  because(): StopReason | undefined;
}

/** Stops once, and remembers the first reason. */
function stopper(running: RunningProcess): Stopper {
  let first: StopReason | undefined;
  const stop = (reason: StopReason): void => {
    if (first !== undefined) return;
    first = reason;
    running.stop(ladder);
  };
  return Object.assign(stop, { because: () => first });
}

function finding(
  exit: ExitFacts,
  stopped: StopReason | undefined,
  timeoutMs: number,
  lastLines: readonly string[],
): Finding {
  const said = lastLines.length === 0 ? "" : `: ${lastLines.join(" | ")}`;
  if (stopped === "cancelled") return { ok: false, detail: "the check was given up because the run is being stopped" };
  if (stopped === "timeout")
    return { ok: false, detail: `it did not end within ${formatSettingDuration(timeoutMs)}${said}` };
  if (exit.spawnError !== undefined) return { ok: false, detail: `it could not be started: ${exit.spawnError}` };
  if (exit.code === 0) return { ok: true, detail: "exit code 0" };
  const how = exit.signal === undefined ? `exit code ${exit.code}` : `ended by ${exit.signal}`;
  return { ok: false, detail: `${how}${said}` };
}
