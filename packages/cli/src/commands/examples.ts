import { UserError } from "@claude-orchestrator/domain";
import { programName } from "../program/version.ts";
import { defineCommand } from "./command.ts";
import { jsonFlag } from "./output.ts";

export const examplesCommand = defineCommand({
  name: "examples",
  summary: "List example files, print one, or write it here",
  arguments: [{ name: "NAME", about: "Which example", required: false }],
  flags: {
    write: { type: "switch", about: "Write it to NAME.yaml in the current folder" },
    force: { type: "switch", about: "Write over a file that is there" },
    json: jsonFlag,
  },
  examples: ["examples", "examples code-review", "examples migration --write"],

  async run([name], flags, io) {
    const { examples } = await import("../examples/list.ts");
    if (name === undefined) {
      const { line } = await import("../views/text/line.ts");
      const { layTable } = await import("../views/text/table.ts");
      if (flags.json) io.out.json(examples.map((each) => ({ name: each.name, summary: each.summary })));
      else {
        const columns = [
          { title: "example", rank: 2 },
          { title: "what it does", rank: 1, shrinkTo: 20 },
        ];
        const rows = examples.map((each) => [{ text: each.name, tone: "strong" as const }, { text: each.summary }]);
        io.out.lines(layTable(columns, rows, { width: io.out.columns }));
        io.talk.lines([
          line(""),
          line(
            `Print one with \`${programName} examples NAME\`; with \`--write\` it is written to NAME.yaml here`,
            "quiet",
          ),
        ]);
      }
      return 0;
    }
    const example = examples.find((each) => each.name === name);
    if (example === undefined)
      throw await exampleNotFound(
        name,
        examples.map((each) => each.name),
      );
    if (flags.write) {
      const { writeNewFile } = await import("./writeNewFile.ts");
      await writeNewFile(`${example.name}.yaml`, example.text, { cwd: io.cwd, force: flags.force });
      io.talk.write(`Wrote ${example.name}.yaml\n`);
      return 0;
    }
    if (flags.json) io.out.json({ name: example.name, summary: example.summary, text: example.text });
    else io.out.write(example.text);
    return 0;
  },
});

async function exampleNotFound(name: string, known: readonly string[]): Promise<UserError> {
  const { nearest } = await import("@claude-orchestrator/config");
  const near = nearest(name, known);
  return new UserError("example-not-found", `There is no example \`${name}\``, {
    hint: near === undefined ? `one of ${known.join(", ")}` : `did you mean \`${near}\`?`,
  });
}
