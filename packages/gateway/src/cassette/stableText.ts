/**
 * What differs from run to run though the same is asked: moments, durations, random ids, and what a CLI tells its model of the
 * machine. A request is kept, and compared, without it.
 */
const unstable: readonly (readonly [RegExp, string])[] = [
  // Claude Code's own words on the repository: other ones with every commit.
  [/gitStatus: This is the git status[\s\S]*$/, "{git status}"],
  [/x-anthropic-billing-header: [^\n]*/g, "{billing}"],
  [/((?:OS Version|Platform|Shell|Is a git repository|Is directory a git repo): )[^\n]*/g, "$1{machine}"],
  [/(my operating system is: )[^\n]*/gi, "$1{machine}"],
  [/(<(?:shell|timezone|operating_system)>)[^<]*/g, "$1{machine}"],
  [/\/(?:private\/)?tmp\/[^\s"'`<>)]*/g, "{temporary}"],
  [/(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "{id}"],
  [/\b(?:ses|msg|prt)_[0-9a-zA-Z]{20,}\b/g, "{id}"],
  [/(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])/gi, "{id}"],
  [/(Chunk ID: )[0-9a-f]+/g, "$1{id}"],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?\b/g, "{time}"],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2},? \d{4}\b/g,
    "{time}",
  ],
  [/\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b/g, "{time}"],
  // ms since 1970: gemini numbers its calls by them.
  [/(?<!\d)1[6-9]\d{11}(?!\d)/g, "{time}"],
  [/(duration_ms["'>:\s]*)\d+/g, "$1{duration}"],
  [/\b\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?)\b/g, "{duration}"],
];

/** The same for two texts that differ only in what nobody asked for. */
export function stableText(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, "\n");
  return unstable.reduce((stable, [pattern, mark]) => stable.replaceAll(global(pattern), mark), lines);
}

function global(pattern: RegExp): RegExp {
  return pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`);
}
