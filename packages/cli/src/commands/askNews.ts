import { askNewsCommand } from "../update/askNewsCommand.ts";
import { defineCommand } from "./command.ts";

/** What looks for a newer version once a day, where a source is configured; nobody types it. */
export const askNews = defineCommand({
  name: askNewsCommand,
  summary: "Ask the configured update source for the newest version, and keep the answer",
  arguments: [],
  flags: {},
  examples: [askNewsCommand],

  async run(_words, _flags, io) {
    const door = await import("../update/askNews.ts");
    return door.askNews(io);
  },
});
