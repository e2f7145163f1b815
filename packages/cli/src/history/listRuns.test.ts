import { expect, test } from "vitest";
import { answerOf } from "../testing/answerOf.ts";
import { makeFolder } from "../testing/folder.ts";
import { listRunsOf } from "./listRuns.ts";

test.each([0, 1.5])("a list of %s runs is refused, for it would say that there are none", async (limit) => {
  using folder = makeFolder();
  const list = answerOf(async (io) => listRunsOf({ json: false, limit, "runs-dir": undefined }, io), folder.path);
  await expect(list).rejects.toThrow(`\`--limit\` needs a whole number of 1 or more, not \`${limit}\``);
});
