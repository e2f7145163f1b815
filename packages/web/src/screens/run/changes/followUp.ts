import type { DiffLine } from "./parseDiff.ts";

/** What somebody wrote about a line of a change. */
export interface LineComment {
  readonly path: string;
  /** In the file as it is; of a removed line, as it was. */
  readonly line: number;
  readonly side: "before" | "after";
  /** The line itself. */
  readonly code: string;
  readonly text: string;
}

/** What a comment on a line is kept by: a line that was removed has a number among those that were. */
export function targetOf({ before, after }: DiffLine): Pick<LineComment, "line" | "side"> {
  return after === undefined ? { line: before ?? 0, side: "before" } : { line: after, side: "after" };
}

/** The comments as one prompt, file by file, each with the line that it is about. */
export function followUpPrompt(comments: readonly LineComment[]): string {
  const ordered = comments
    .map((comment, index) => ({ ...comment, index }))
    .toSorted((a, b) => compare(a.path, b.path) || a.line - b.line || a.index - b.index);
  const parts = ordered.map(({ path, line, side, code, text }) => {
    const which = side === "before" ? "a line that was removed, once line" : "line";
    return `${path}, ${which} ${line}:\n> ${code.trim()}\n${text.trim()}`;
  });
  return ["Your changes were reviewed. Please do what each of these comments asks for.", ...parts].join("\n\n");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Whether what was kept is a list of comments. */
export function areComments(value: unknown): value is readonly LineComment[] {
  return (
    Array.isArray(value) &&
    (value as readonly unknown[]).every(
      (each) => typeof each === "object" && each !== null && "path" in each && "line" in each && "text" in each,
    )
  );
}

export function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
