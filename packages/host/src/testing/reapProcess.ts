/** `MARKER SINCE GRACE [TAKEN-UP-FILE SAID-FILE]`: what a reaper becomes, with a file that says that the run is taken up. */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { reap } from "../reaper/reap.ts";

const [markerName = "", since = "", graceMs = "", takenUp = "", said = ""] = process.argv.slice(2);
const ended = await reap({
  markerName,
  since: Number(since),
  graceMs: Number(graceMs),
  isTakenUp: () => {
    if (said !== "") writeFileSync(`${said}.waits`, "");
    return takenUp !== "" && existsSync(takenUp);
  },
});
if (said !== "") {
  writeFileSync(`${said}.new`, ended === undefined ? "taken up" : String(ended));
  renameSync(`${said}.new`, said);
}
