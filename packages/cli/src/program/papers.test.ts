import { expect, test } from "vitest";
import { readPaper } from "./papers.ts";

test.each(["cyclonedx", "spdx", "licences"])(
  "a program that was never released has no %s to print, and says so",
  async (name) => {
    await expect(readPaper(name)).rejects.toMatchObject({
      code: "file-not-readable",
      message: "This program carries no list of what is inside: it was built, and not released",
      hint: "`npm run release -- --dry-run --only sbom` makes the list of a clone, in dist/release",
    });
  },
);
