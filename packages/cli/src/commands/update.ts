import { defineCommand } from "./command.ts";
import { jsonFlag } from "./output.ts";

export const update = defineCommand({
  name: "update",
  summary: "Put a newer version of this program in place, or go back to the one before",
  about:
    "Only what the release keys have signed is believed, wherever it comes from. A new version is started once before it is switched to; runs that work go on with the program they were started by. Programs that npm, pip or a package manager installed are updated by those; --check works for all. Nothing is asked of anybody unless a source is named or configured (CLAUDE_ORCHESTRATOR_UPDATE_URL).",
  arguments: [],
  flags: {
    check: { type: "switch", about: "Only say whether there is something newer" },
    channel: {
      type: "text",
      value: "CHANNEL",
      about: "Which releases to follow (else CLAUDE_ORCHESTRATOR_UPDATE_CHANNEL, else stable)",
      choices: ["stable", "beta", "nightly"],
    },
    from: {
      type: "text",
      value: "FOLDER|URL",
      about: "Look there: a folder, such as of a USB stick, or an address",
      complete: "folder",
    },
    to: { type: "text", value: "VERSION", about: "Go to this version, also to an older one", complete: "none" },
    rollback: { type: "switch", about: "Go back to the version before; nothing is asked of anybody" },
    json: jsonFlag,
  },
  examples: ["update", "update --check", "update --from /media/usb/updates", "update --rollback"],

  async run(_words, flags, io) {
    const { runUpdate } = await import("../update/runUpdate.ts");
    return runUpdate(flags, io);
  },
});
