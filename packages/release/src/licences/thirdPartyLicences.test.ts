import { expect, test } from "vitest";
import { contentsOf } from "../sbom/contents.ts";
import { makeSmallClone } from "../testing/smallClone.ts";
import { thirdPartyLicences } from "./thirdPartyLicences.ts";

test("each component has its text once, and who has none is named", () => {
  using clone = makeSmallClone([
    { folder: "node_modules/a", version: "1.0.0", text: "The text of a\r\nin two lines\n" },
    { folder: "node_modules/b/node_modules/a", version: "1.0.0", text: "The text of a\nin two lines" },
    { folder: "node_modules/b", version: "2.0.0", license: "ISC", author: "Some One <one@example.test> (a site)" },
  ]);
  const rule = "-".repeat(78);
  expect(thirdPartyLicences(contentsOf(clone, "npm"), clone)).toBe(
    [
      "claude-orchestrator contains code of the packages below, each under its own licence.\n",
      `${rule}\na 1.0.0 (MIT)\n${rule}\n\nThe text of a\nin two lines\n`,
      `${rule}\nb 2.0.0 (ISC)\n${rule}\n\nIts package holds no text; it says: ISC, by Some One\n`,
    ].join("\n"),
  );
});
