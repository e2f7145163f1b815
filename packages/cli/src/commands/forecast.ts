import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag, serverFlag } from "./output.ts";

export const forecastCheck = defineCommand({
  name: "forecast check",
  summary: "Say how right forecasts of past runs would have been",
  about:
    "Forecasts runs of the past anew, each only from those before it, and holds that against what they came to; the gateway's estimates of prompts as well.",
  arguments: [],
  flags: {
    json: jsonFlag,
    runs: { type: "number", value: "N", about: "At most so many, the newest (100)" },
    server: serverFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["forecast check", "forecast check --runs 50 --json"],

  async run(_words, flags, io) {
    if (flags.server !== undefined) {
      const { checkHistoryThere } = await import("../remote/door.ts");
      return checkHistoryThere(flags.server, flags, io);
    }
    const { checkHistory } = await import("../forecast/door.ts");
    return checkHistory(flags, io);
  },
});
