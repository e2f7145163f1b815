/** What the linter has no rule for: habits a reader sees in the text of a file. */

export interface HouseProblem {
  readonly line: number;
  readonly message: string;
}

interface HouseRule {
  readonly pattern: RegExp;
  readonly message: string;
  /** Which files it holds in; all of them without it. */
  readonly where?: (path: string) => boolean;
}

const pureRooms = /^packages\/(?:domain|config|engine|agents|protocol)\/src\//;
const isProduct = (path: string): boolean => /^packages\/[^/]+\/src\//.test(path) && !isTest(path);
const isPure = (path: string): boolean => pureRooms.test(path) && isProduct(path);
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.includes("/testing/");

const unfinished = /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/;
const silenced = /\b(?:oxlint|eslint|oxfmt|prettier|knip)-(?:disable|ignore)|\b(?:v8|c8|istanbul) ignore/;

const rules: readonly HouseRule[] = [
  { pattern: unfinished, message: "Nothing is left for later in the code: do it, or open an issue" },
  { pattern: silenced, message: "A rule is kept or changed for all, never silenced in one place" },
  {
    pattern: /\bshell\s*:\s*true\b/,
    message: "No process is started through a shell (ARCHITECTURE.md, invariant 9)",
  },
  {
    pattern: /\bimport (?:z\b|\{[^}]*\bz\b[^}]*\}).* from "zod"/,
    message: 'Write `import * as z from "zod"`: the bundle is 450 kB smaller for it',
    where: isProduct,
  },
  {
    pattern: /^(?:export )?(?:let|var) /,
    message: "No state lives in a module: put it in the value that owns it",
    where: (path) => isProduct(path) && !path.startsWith("packages/testkit/"),
  },
  {
    pattern: /\bnew Date\(\)|\bDate\(\)/,
    message: "A pure room takes time from its Clock or from the event (ARCHITECTURE.md)",
    where: isPure,
  },
];

const dumpNames = /\/(?:utils?|helpers?|common|misc|types)(?:\.ts$|\/)/;

/** All problems of one file; `path` is relative to the clone, with forward slashes. */
export function houseProblems(path: string, text: string): readonly HouseProblem[] {
  const applying = rules.filter((rule) => rule.where?.(path) ?? true);
  const found = text
    .split("\n")
    .flatMap((content, index) =>
      applying.filter((rule) => rule.pattern.test(content)).map((rule) => ({ line: index + 1, message: rule.message })),
    );
  return dumpNames.test(path)
    ? [{ line: 1, message: "A file is named after the one thing it holds, not after a drawer" }, ...found]
    : found;
}
