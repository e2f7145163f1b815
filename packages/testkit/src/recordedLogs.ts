import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** A run that a release made: its folder holds `events.db`, and the `result.json` that release read from it. */
export interface RecordedLog {
  /** Of the release. */
  readonly version: string;
  readonly run: string;
  /** Absolute. Opened for reading only: whoever writes works on a copy. */
  readonly directory: string;
}

const folder = fileURLToPath(new URL("../recordedLogs/", import.meta.url));

/** One run or several of each release there was. */
export function listRecordedLogs(): readonly RecordedLog[] {
  return readdirSync(folder).flatMap((version) =>
    readdirSync(join(folder, version)).map((run) => ({ version, run, directory: join(folder, version, run) })),
  );
}
