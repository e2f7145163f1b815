import { programName } from "../program/version.ts";
import { defineCommand } from "./command.ts";

export const init = defineCommand({
  name: "init",
  summary: "Write a commented file to start from",
  arguments: [{ name: "FILE", about: "Where to write it (orchestrator.yaml)", required: false, complete: "file" }],
  flags: { force: { type: "switch", about: "Write over a file that is there" } },
  examples: ["init", "init fleets/review.yaml"],

  async run([file = "orchestrator.yaml"], flags, io) {
    const { writeNewFile } = await import("./writeNewFile.ts");
    const { starter } = await import("../examples/starter.ts");
    await writeNewFile(file, starter.text.replaceAll("orchestrator.yaml", file), { cwd: io.cwd, force: flags.force });
    io.talk.write(
      [
        `Wrote ${file}`,
        "",
        `  ${programName} plan ${file}    shows what it would do, and starts nothing`,
        `  ${programName} run ${file}     runs it`,
        `  ${programName} doctor                  says whether the agents are there`,
        "",
      ].join("\n"),
    );
    return 0;
  },
});
