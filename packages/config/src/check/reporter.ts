import type { ExpressionError } from "@claude-orchestrator/domain";
import type { Hint, ProblemList } from "../problems.ts";
import { offsetInText } from "../source/offsetInText.ts";
import { entryAt, nodeAt, type Path, type SourceNode } from "../source/sourceNode.ts";

interface ReportOptions {
  readonly hint?: Hint | undefined;
  /** Point at the key, not at the value. */
  readonly atKey?: boolean;
  /** Point at this character of a text value. */
  readonly textOffset?: number;
}

/** Puts problems found by path at their place in the text. */
export class Reporter {
  private readonly source: { readonly text: string; readonly root: SourceNode };
  private readonly problems: ProblemList;

  constructor(source: { readonly text: string; readonly root: SourceNode }, problems: ProblemList) {
    this.source = source;
    this.problems = problems;
  }

  /** Reports at a path; where the path leads nowhere, at the nearest thing that holds it. */
  at(path: Path, message: string, options: ReportOptions = {}): void {
    this.problems.add({ offset: this.offsetOf(path, options), message, hint: options.hint });
  }

  /** Reports an error of an expression or template that is the text at `path`; `shift` is where it begins in that text. */
  expression(path: Path, error: ExpressionError, shift = 0): void {
    this.at(path, error.message, { hint: error.hint, textOffset: error.offset + shift });
  }

  /** True where the file says something at this path. */
  has(path: Path): boolean {
    return nodeAt(this.source.root, path) !== undefined;
  }

  private offsetOf(path: Path, { atKey = false, textOffset }: ReportOptions): number {
    const { root, text } = this.source;
    for (let length = path.length; length > 0; length -= 1) {
      const entry = entryAt(root, path.slice(0, length));
      if (entry === undefined) continue;
      if (length < path.length) return (entry.keySpan ?? entry.value).start;
      if (atKey) return (entry.keySpan ?? entry.value).start;
      return textOffset === undefined ? entry.value.start : offsetInText(text, entry.value, textOffset);
    }
    return root.start;
  }
}
