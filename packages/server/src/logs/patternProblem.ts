/** Why a regular expression cannot be read. */
export interface PatternProblem {
  /** Of the character from which on nothing makes it right, from 1; of what is never closed, where it is opened. */
  readonly column: number;
  readonly message: string;
}

/** What is wrong with a regular expression, and where; undefined where nothing is. */
export function patternProblem(pattern: string): PatternProblem | undefined {
  const message = problemOf(pattern);
  if (message === undefined) return undefined;
  let right = pattern.length;
  // The engine tells what, but not where: it is where the beginnings that could still become right end.
  while (right > 0 && problemOf(closed(pattern.slice(0, right))) !== undefined) right -= 1;
  const column = right < pattern.length ? right + 1 : (lastOpen(pattern).at ?? pattern.length - 1) + 1;
  return { column, message };
}

function problemOf(pattern: string): string | undefined {
  try {
    void new RegExp(pattern);
    return undefined;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return words.slice(words.lastIndexOf(": ") + ": ".length).replace(/^\w/, (first) => first.toLowerCase());
  }
}

/** The beginning of a pattern, with everything closed that it has opened. */
function closed(beginning: string): string {
  const { groups, isInClass, isEscaped } = lastOpen(beginning);
  return `${beginning}${isEscaped ? "\\" : ""}${isInClass ? "]" : ""}${")".repeat(groups)}`;
}

interface Open {
  readonly groups: number;
  readonly isInClass: boolean;
  /** True: it ends with a backslash that has nothing to stand before. */
  readonly isEscaped: boolean;
  /** Where the innermost of it was opened, from 0. */
  readonly at: number | undefined;
}

function lastOpen(pattern: string): Open {
  const groups: number[] = [];
  let classAt: number | undefined;
  let escapedAt: number | undefined;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (escapedAt !== undefined) escapedAt = undefined;
    else if (character === "\\") escapedAt = at;
    else if (classAt !== undefined) classAt = character === "]" ? undefined : classAt;
    else if (character === "[") classAt = at;
    else if (character === "(") groups.push(at);
    else if (character === ")") groups.pop();
  }
  return {
    groups: groups.length,
    isInClass: classAt !== undefined,
    isEscaped: escapedAt !== undefined,
    at: escapedAt ?? classAt ?? groups.at(-1),
  };
}
