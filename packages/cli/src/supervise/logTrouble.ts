import type { RunLog } from "@claude-orchestrator/store";
import type { Display } from "../run/display.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import type { Paint } from "../views/text/paint.ts";

/**
 * A full disk is told while it lasts, once each time it changes: what runs goes on, and its events wait in memory. Nothing that
 * is not on disk is shown, so the view stands still meanwhile.
 */
export function tellTrouble(log: RunLog, display: Display, paint: Paint): void {
  log.onTrouble((trouble) => {
    if (trouble === undefined) {
      display.notice(undefined);
      display.print("The run's log can be written again, and has all that waited\n");
      return;
    }
    display.notice("the run's log cannot be written: what is shown here stands still");
    const what =
      trouble.kind === "lost"
        ? "What runs goes on to its end; nothing more of this run can be recorded, shown or started"
        : "What runs goes on and its events wait in memory; nothing more is started or shown until they can be written. Ctrl-C ends the run without waiting";
    display.print(`${paint("warn", "warning:")} ${cleanLine(trouble.message)}\n         ${what}\n`);
  });
}
