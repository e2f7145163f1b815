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
    const next = [
      ["doctor", "says whether the agents are there and signed in"],
      [`plan ${file}`, "shows what it would do, and starts nothing"],
      [`run ${file}`, "runs it: this asks a model, which costs tokens"],
    ] as const;
    const width = Math.max(...next.map(([words]) => words.length));
    const lines = next.map(([words, about]) => `  ${programName} ${words.padEnd(width)}  ${about}\n`);
    io.talk.write(`Wrote ${file}. What comes next:\n\n${lines.join("")}`);
    return 0;
  },
});
