import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exactWord } from "./exactWord.ts";

test("a word in the plan is exactly the word a shell reads, on one line", () => {
  const words = fc.sample(
    fc.string({
      unit: fc.constantFrom("a", " ", "'", '"', "\\", "\n", "\t", "$", "`", "!", "*", "é", "日", "\u0007", "-"),
    }),
    { numRuns: 300, seed: 7 },
  );
  const typed = words.map(exactWord);
  for (const each of typed) expect(each).not.toContain("\n");
  const { stdout } = spawnSync("bash", ["-c", `printf '%s\\0' ${typed.join(" ")}`], {
    encoding: "utf8",
    env: { LC_ALL: "C.UTF-8", PATH: process.env["PATH"] },
  });
  expect(stdout.split("\0").slice(0, -1)).toEqual(words);
});
