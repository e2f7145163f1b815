import { randomInt } from "node:crypto";

/** `sch_` and ten characters of base 36, never used twice. */
export function makeScheduleId(): string {
  return `sch_${Array.from({ length: 10 }, () => randomInt(36).toString(36)).join("")}`;
}
