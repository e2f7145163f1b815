import type { RunLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import type { Display } from "../run/display.ts";
import type { RunFold } from "../run/runFold.ts";
import type { Supervision } from "../supervise/supervision.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { openTelemetry } from "./runTelemetry.ts";
import type { RunTelemetry } from "./runTelemetry.ts";

/** From here on what the log has on disk is told, beginning with what it held already. */
export async function followLog(
  { id, directory, history, telemetry: prepared }: Pick<Supervision, "id" | "directory" | "history" | "telemetry">,
  log: RunLog,
  fold: RunFold,
): Promise<RunTelemetry | undefined> {
  const telemetry = await openTelemetry(prepared, { id, directory, fold });
  telemetry?.take(history);
  log.subscribe((events) => telemetry?.take(events));
  return telemetry;
}

/** Whoever ends the run calls this before the screen is given back, since what did not arrive is told in a line. */
export async function closeTelemetry(
  telemetry: RunTelemetry | undefined,
  display: Display,
  { talk }: Pick<Io, "talk">,
): Promise<void> {
  for (const problem of (await telemetry?.close()) ?? []) {
    display.print(`${talk.paint("warn", "warning:")} ${cleanLine(problem)}\n`);
  }
}
