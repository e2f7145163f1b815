import type { LeftProcess, OutputSink, RunningProcess } from "@claude-orchestrator/engine/ports";
import type { Family } from "./family.ts";
import { openOutputTail } from "./outputTail.ts";
import { removePrivateDirectory } from "./privateDirectory.ts";
import type { Machinery } from "./runningProcess.ts";

/** Reads the whole output of a process an earlier supervisor had, and ends what is left of it. */
export async function adoptProcess(
  { pump, platform, sweeper }: Machinery,
  left: LeftProcess,
  sink: OutputSink,
): Promise<RunningProcess> {
  const root = left.identity ?? { pid: 0, startTime: "0", bootId: platform.bootId };
  const family: Family = { root, marker: `${left.marker.name}=${left.marker.value}`, known: new Set() };
  sweeper.register(family);
  if (left.identity?.bootId === platform.bootId) platform.signal(left.identity, "SIGKILL", "process");
  const swept = await sweeper.sweep(family);
  sweeper.unregister(family);
  const reader = (line: OutputSink["stdoutLine"]) => ({ line, truncated: () => undefined });
  const tails = [
    openOutputTail(
      left.spool.stdout,
      left.maxLineBytes,
      reader((text, cut) => sink.stdoutLine(text, cut)),
      true,
    ),
    openOutputTail(
      left.spool.stderr,
      left.maxLineBytes,
      reader((text, cut) => sink.stderrLine(text, cut)),
      true,
    ),
  ];
  await pump.drain(tails);
  for (const tail of tails) tail.close();
  await removePrivateDirectory(left.privateDirectory);
  return { identity: left.identity, stop: () => undefined, ended: Promise.resolve({ lost: true, swept }) };
}
