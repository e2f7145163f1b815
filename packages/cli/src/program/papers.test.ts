import { expect, test } from "vitest";
import { sbom } from "../commands/sbom.ts";
import { answerOf } from "../testing/answerOf.ts";
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

test("licences are asked for in no format", async () => {
  const asked = answerOf((io) => sbom.run([], { format: "spdx", licenses: true }, io), ".");
  await expect(asked).rejects.toMatchObject({
    code: "usage",
    message: "`--licenses` prints text: it has no use for `--format`",
  });
});
