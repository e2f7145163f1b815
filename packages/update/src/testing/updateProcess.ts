import { writeSync } from "node:fs";
import { installationOf } from "../slots/installation.ts";
import { installSteps, returnSteps } from "../slots/steps.ts";
import { checkScript, writeExecutable } from "./scriptExecutable.ts";

/* An update, or going back, that is killed after so many of its steps: `updateProcess.ts install|return COMMAND STEPS`. */

const [what = "", command = "", steps = ""] = process.argv.slice(2);
const installation = installationOf(command);
const [older, newer] = ["1.0.0", "1.1.0"];
const all =
  what === "install"
    ? installSteps(installation, {
        from: older,
        to: newer,
        check: checkScript,
        fetch: async (file) => writeExecutable(file, newer),
        now: Date.now(),
      })
    : returnSteps(installation, { from: newer, to: older, check: checkScript });

for (const step of all.slice(0, Number(steps))) await step.run();
if (Number(steps) >= all.length) writeSync(1, "done");
process.kill(process.pid, "SIGKILL");
