import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodes } from "./exitCodes.ts";

const guide = new URL("../../../../docs/guide/running.md", import.meta.url);

function rowOf(code: number): string {
  return new RegExp(`^\\| ${code} \\| .*$`, "m").exec(readFileSync(guide, "utf8"))?.[0] ?? "";
}

test.each(exitCodes)(
  "exit code $code of the help stands in the guide, with the commands it is of",
  ({ code, meaning }) => {
    const row = rowOf(code);
    expect(row).not.toBe("");
    for (const [command] of meaning.matchAll(/`[a-z]+`/g)) expect(row).toContain(command);
  },
);
