import { resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { readConfig } from "../run/planFile.ts";
import { readFileTarget } from "../run/target.ts";
import type { Source } from "./contract.ts";

/** A file that is there, or the text of one that is yet to be written. */
export type SourceFile =
  | { readonly kind: "file"; readonly path: string; readonly shown: string }
  | { readonly kind: "text"; readonly text: string; readonly shown: string };

/**
 * What a program named, or what its object says as the text of a file. Such a file will stand elsewhere: its workspace, which is
 * relative to where a file is, is made absolute.
 *
 * @throws UserError file-not-readable, config-invalid
 */
export function sourceFileOf(source: Source, { cwd }: Pick<Io, "cwd">): SourceFile {
  if (typeof source === "string") {
    const { path, shown } = readFileTarget(source, cwd);
    return { kind: "file", path, shown };
  }
  if (typeof source !== "object" || source === null || Array.isArray(source)) {
    throw new UserError(
      "usage",
      "A run is made of a file's path, or of an object that holds what stands in such a file",
    );
  }
  return { kind: "text", text: textOf(source, cwd), shown: "the object" };
}

/** Its text, or one sentence about bytes that are none. @throws UserError file-not-readable */
export async function textOfSource(file: SourceFile): Promise<Awaited<ReturnType<typeof readConfig>>> {
  return file.kind === "text" ? { text: file.text } : readConfig(file.path, file.shown);
}

function textOf(source: Readonly<Record<string, unknown>>, cwd: string): string {
  const { workspace } = source;
  const isRelative = typeof workspace === "string" && !workspace.startsWith("~");
  try {
    return `${JSON.stringify(isRelative ? { ...source, workspace: resolve(cwd, workspace) } : source, undefined, 2)}\n`;
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new UserError("config-invalid", `The object cannot be written as JSON: ${why}`, { cause: error });
  }
}
