import type { EventLog } from "./ports.ts";

/** A log that is written through `append`, and not waited for any longer once the person has asked for the end. */
export function logThrough(log: EventLog, append: EventLog["append"], asked: Promise<void>): EventLog {
  return {
    append,
    flush: () => Promise.race([log.flush(), asked]),
    subscribe: (reader) => log.subscribe(reader),
    onTrouble: (listener) => log.onTrouble(listener),
  };
}
