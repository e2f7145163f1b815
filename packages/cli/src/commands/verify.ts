import { defineCommand } from "./command.ts";
import { jsonFlag } from "./output.ts";

export const verify = defineCommand({
  name: "verify",
  summary: "Say whether a file or a folder is a release, whole and unchanged, asking nobody",
  about:
    "A folder: SHA256SUMS is signed with a key of the releases, every file it names is there and is what it says, its updates are what an update would believe, and there is no other but attestations that say the same. A file: by FILE.minisig beside it, else by the signed SHA256SUMS in its folder. The keys are in this program; --key takes others instead. Exit code 1 where anything is not right.",
  arguments: [{ name: "PATH", about: "A file, or the folder of a release", required: true, complete: "file" }],
  flags: {
    key: {
      type: "list",
      value: "KEY",
      about: "Believe this public key of minisign or signify instead, itself or the file it is in",
      complete: "file",
    },
    "allow-test-key": { type: "switch", about: "Take what is signed with the test key, which anybody can sign with" },
    json: jsonFlag,
  },
  examples: ["verify claude-orchestrator-1.0.0-linux-x64", "verify ./release --key RWQ…"],

  async run(words, flags, io) {
    const { verifyPath } = await import("../verify/verifyPath.ts");
    return verifyPath(words, flags, io);
  },
});
