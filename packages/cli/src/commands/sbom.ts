import { UserError } from "@claude-orchestrator/domain";
import { defineCommand } from "./command.ts";

const formats = ["cyclonedx", "spdx"] as const;

export const sbom = defineCommand({
  name: "sbom",
  summary: "Print what of others is inside this program",
  about:
    "Its software bill of materials, as it was made with this very package or executable: packages with versions, hashes and licences.",
  arguments: [],
  flags: {
    format: { type: "text", value: "FORMAT", about: "cyclonedx (the default) or spdx, both JSON", choices: formats },
    licenses: { type: "switch", about: "The licences of what is inside, with their texts, instead" },
  },
  examples: ["sbom > sbom.cdx.json", "sbom --format spdx", "sbom --licenses"],

  async run(_words, { format, licenses }, io) {
    if (licenses && format !== undefined) {
      throw new UserError("usage", "`--licenses` prints text: it has no use for `--format`", {
        hint: "leave out one of the two",
      });
    }
    const { readPaper } = await import("../program/papers.ts");
    io.out.write(await readPaper(licenses ? "licences" : (format ?? "cyclonedx")));
    return 0;
  },
});
