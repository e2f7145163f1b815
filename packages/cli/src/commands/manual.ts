import { defineCommand } from "./command.ts";

/** Asked by whoever packs the program: the manual pages stand in the package as files. */
export const manual = defineCommand({
  name: "manual",
  summary: "Print every manual page as JSON",
  arguments: [],
  flags: { date: { type: "text", value: "DATE", about: "The date on the pages, YYYY-MM-DD" } },
  examples: ["manual --date 2026-11-25"],

  async run(_words, { date = "1970-01-01" }, io) {
    const { manPages } = await import("../manual/manPages.ts");
    const { programVersion } = await import("../program/version.ts");
    io.out.json(manPages({ version: programVersion(), date }));
    return 0;
  },
});
