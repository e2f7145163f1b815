import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { inFolder, textFile } from "../program/sharedFiles.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import type { StagedFile } from "../stagedFile.ts";
import { inOrder } from "../stagedFile.ts";
import { pythonVersion } from "./pythonVersion.ts";

export interface WheelParts {
  /** The platform as pip calls it. */
  readonly tag: string;
  /** Named as it is to be called; pip puts it where its own environment has programs. */
  readonly program: StagedFile;
  /** Below the environment's own folder: `share/…`. */
  readonly shared: readonly StagedFile[];
  /** Of the program and of all that is inside. */
  readonly licences: readonly StagedFile[];
}

/** The whole content of a wheel: no Python, only files that pip puts in their places, and what it is told of them. */
export function wheelFiles(
  context: Pick<ReleaseContext, "version" | "root">,
  { tag, program, shared, licences }: WheelParts,
): readonly StagedFile[] {
  const name = `claude_orchestrator-${pythonVersion(context.version)}`;
  const files = inOrder([
    ...inFolder(`${name}.data/scripts`, [program]),
    ...inFolder(`${name}.data/data`, shared),
    ...inFolder(`${name}.dist-info/licenses`, licences),
    textFile(
      `${name}.dist-info/METADATA`,
      metadata(
        context,
        licences.map((each) => each.path),
      ),
    ),
    textFile(`${name}.dist-info/WHEEL`, wheel(tag)),
  ]);
  return inOrder([...files, textFile(`${name}.dist-info/RECORD`, record(files, `${name}.dist-info/RECORD`))]);
}

/** Core metadata 2.4: the first with PEP 639's licences. */
function metadata(context: Pick<ReleaseContext, "version" | "root">, licences: readonly string[]): string {
  const { description } = JSON.parse(readFileSync(path.join(context.root, "package.json"), "utf8")) as {
    readonly description: string;
  };
  const fields = [
    ["Metadata-Version", "2.4"],
    ["Name", "claude-orchestrator"],
    ["Version", pythonVersion(context.version)],
    ["Summary", description],
    ["Keywords", "claude,claude-code,codex,gemini,opencode,agents,orchestrator,headless,cli"],
    ["License-Expression", "MIT"],
    ...licences.map((each) => ["License-File", each]),
    ["Classifier", "Environment :: Console"],
    ["Classifier", "Intended Audience :: Developers"],
    ["Classifier", "Topic :: Software Development"],
    ["Requires-Python", ">=3.7"],
    ["Description-Content-Type", "text/markdown"],
  ];
  return `${fields.map((field) => field.join(": ")).join("\n")}\n\n${body}`;
}

const body = `# claude-orchestrator

Runs a whole fleet of headless coding agents (Claude Code, Codex, Gemini CLI, opencode, any command) from one YAML file.

    pip install claude-orchestrator
    claude-orchestrator doctor

The wheel carries one executable with everything in it, and no Python: it needs neither Node nor a compiler, and runs nothing when it is
installed.
`;

function wheel(tag: string): string {
  // Not purelib: what is inside is of one platform.
  return `Wheel-Version: 1.0\nGenerator: claude-orchestrator-release (1.0)\nRoot-Is-Purelib: false\nTag: py3-none-${tag}\n`;
}

/** Each file, its digest and its size; of the list itself only the name. None of our names has a comma or a quote. */
function record(files: readonly StagedFile[], itself: string): string {
  const lines = files.map(({ path: name, bytes }) => {
    const digest = createHash("sha256").update(bytes).digest("base64url");
    return `${name},sha256=${digest},${bytes.length}`;
  });
  return `${[...lines, `${itself},,`].join("\n")}\n`;
}
