import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { LoggedEvent, RunEvent, RunId } from "@claude-orchestrator/domain";
import { createRunLog, logFileName } from "@claude-orchestrator/store";
import { readLog } from "../support/invariants.ts";
import type { WebRig } from "./rig.ts";

const longRun = "run_10000event" as RunId;

/** A run as it would be had one that is over told of its progress ten thousand times more: written by the program's own log. */
export async function makeLongRun({ rig }: WebRig, like: string): Promise<string> {
  const from = rig.runs().find((directory) => basename(directory) === like) ?? "";
  const to = join(dirname(from), longRun);
  cpSync(from, to, { recursive: true, filter: (path) => !basename(path).startsWith(logFileName) });
  const result = readFileSync(join(from, "result.json"), "utf8").replaceAll(like, longRun);
  writeFileSync(join(to, "result.json"), result);
  rmSync(join(to, "lock.db"), { force: true });
  const events = readLog(from);
  const log = createRunLog(to, longRun, { clock: { wall: () => events.at(-1)?.at ?? 0 }, programVersion: "0.1.0" });
  for (const event of events) {
    const again = event.type === "attempt-progressed" && event.instance === "build" ? 10_000 : 1;
    for (let time = 0; time < again; time += 1) log.append(bare(event));
  }
  await log.close();
  return longRun;
}

/** As it was told: its number and time are the log's. */
function bare({ seq: _seq, at: _at, ...event }: LoggedEvent): RunEvent {
  return event.type === "run-created" ? { ...event, id: longRun } : event;
}
