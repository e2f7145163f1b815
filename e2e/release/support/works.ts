import { expect } from "vitest";
import type { Ended, Person } from "./person.ts";

/** What a program printed that must have ended well; where it did not, the failure has all it said. */
export function endedWell({ code, out, talk }: Ended): string {
  expect([code, code === 0 ? "" : out + talk]).toEqual([0, ""]);
  return out;
}

export async function works(
  person: Person,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return endedWell(await person.run(argv, { env }));
}
