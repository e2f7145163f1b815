import { createHash } from "node:crypto";
import type { LeastVersion } from "../exe/systemNeeds.ts";
import { textFile } from "../program/sharedFiles.ts";
import type { StagedFile } from "../stagedFile.ts";
import { debianVersion } from "./debianVersion.ts";
import { maintainer } from "./debTexts.ts";

export interface ControlParts {
  readonly version: string;
  readonly architecture: "amd64" | "arm64";
  readonly glibc: LeastVersion;
  readonly files: readonly StagedFile[];
}

const kibibyte = 1024;

/** What `dpkg` is told of the package. No script: nothing runs when it is installed or removed. */
export function controlFiles(parts: ControlParts): readonly StagedFile[] {
  return [textFile("./control", control(parts)), textFile("./md5sums", md5sums(parts.files))];
}

function control({ version, architecture, glibc, files }: ControlParts): string {
  const size = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / kibibyte), 0);
  // What the Node inside links: its GLIBCXX_3.4.21 came with GCC 5.1.
  const needs = [`libc6 (>= ${glibc.major}.${glibc.minor})`, "libstdc++6 (>= 5.1.1)", "libgcc-s1 | libgcc1"];
  return `Package: claude-orchestrator
Version: ${debianVersion(version)}
Section: devel
Priority: optional
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${size}
Depends: ${needs.join(", ")}
Recommends: git
Suggests: bubblewrap
Description: run a fleet of headless coding agents from one file
 Runs Claude Code, Codex, Gemini CLI, opencode or any command from one YAML
 file: a graph, in parallel, under token and dollar budgets, with timeouts,
 retries and checks. Every fact is an event in a log on disk, from which a run
 goes on after the terminal was closed or the program was killed.
 .
 Contains its own Node.js.
`;
}

function md5sums(files: readonly StagedFile[]): string {
  return files.map(({ path, bytes }) => `${createHash("md5").update(bytes).digest("hex")}  ${path}\n`).join("");
}
