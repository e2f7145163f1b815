import { isDeepStrictEqual } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import { type LogDamage, openRunLog } from "../runLogReader.ts";

export interface LogSeen {
  readonly isRefused: boolean;
  readonly numbers: readonly number[];
  readonly damage: readonly LogDamage[];
}

/**
 * Reads a log whole, in both ways there are, which must agree. Anything but a log that is read or is refused with a sentence is
 * thrown on.
 */
export function lookAt(directory: string): LogSeen {
  try {
    const reader = openRunLog(directory);
    const parts = { events: [...reader.events()], damage: reader.damage() };
    const whole = reader.whole();
    reader.close();
    if (!isDeepStrictEqual(whole, parts)) throw new Error("the log read in one go is not what it is in two");
    return { isRefused: false, numbers: whole.events.map(({ seq }) => seq), damage: whole.damage };
  } catch (error) {
    if (error instanceof UserError && error.code === "log-not-usable") {
      return { isRefused: true, numbers: [], damage: [] };
    }
    throw error;
  }
}
