import { UserError } from "@claude-orchestrator/domain";
import { type LogDamage, openRunLog } from "../runLogReader.ts";

export interface LogSeen {
  readonly isRefused: boolean;
  readonly numbers: readonly number[];
  readonly damage: readonly LogDamage[];
}

/** Reads a log whole. Anything but a log that is read or is refused with a sentence is thrown on. */
export function lookAt(directory: string): LogSeen {
  try {
    const reader = openRunLog(directory);
    const seen = { numbers: [...reader.events()].map(({ seq }) => seq), damage: reader.damage() };
    reader.close();
    return { isRefused: false, ...seen };
  } catch (error) {
    if (error instanceof UserError && error.code === "log-not-usable") {
      return { isRefused: true, numbers: [], damage: [] };
    }
    throw error;
  }
}
