/** Words people bring from elsewhere, and the field that does it here. */
const synonyms: Readonly<Record<string, string>> = {
  agents: "instances",
  tasks: "instances",
  jobs: "instances",
  steps: "sequence",
  parallel: "concurrency",
  max_parallel: "concurrency",
  delay: "startup_delay",
  vars: "variables",
  inputs: "variables",
  depends_on: "needs",
  dependencies: "needs",
  after: "needs",
  tools: "allowed_tools",
  cmd: "command",
  task: "prompt",
  message: "prompt",
  instructions: "prompt",
  shell: "run",
  script: "run",
  exec: "run",
  working_directory: "cwd",
  directory: "cwd",
  environment: "env",
  retries: "retry",
  schema: "json_schema",
  output_schema: "json_schema",
  max_tokens: "max_tokens_per_command",
  max_cost: "budget",
  permissions: "permission_mode",
  session: "session_id",
  id: "name",
  cost: "cost_usd",
  overall_token_budget: "overall_budget",
  stop: "block",
  kill: "block",
  enforce: "block",
  wait: "pause",
  hold: "pause",
  succeeded: "success",
  failed: "failure",
  completed: "always",
};

/**
 * The candidate a mistyped word was most likely meant to be: a known synonym, one that holds the word or is held by it,
 * or the nearest by edit distance. Undefined where none is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 200) return undefined;
  const given = normalised(word);
  const same = candidates.find((candidate) => normalised(candidate) === given);
  if (same !== undefined) return same;
  const synonym = Object.hasOwn(synonyms, given) ? synonyms[given] : undefined;
  if (synonym !== undefined && candidates.includes(synonym)) return synonym;
  return byDistance(given, candidates) ?? byContainment(given, candidates);
}

/** "did you mean `x`?" for the nearest candidate; otherwise what there is to choose from, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return candidates.length > 0 && candidates.length <= 12 ? `one of ${candidates.join(", ")}` : undefined;
}

function normalised(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[-\s]/g, "_");
}

function byDistance(given: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const candidate of candidates.slice(0, 1_000)) {
    if (Math.abs(candidate.length - given.length) >= bestDistance) continue;
    const distance = editDistance(given, normalised(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function byContainment(given: string, candidates: readonly string[]): string | undefined {
  if (given.length < 4) return undefined;
  return candidates.find((candidate) => {
    const known = normalised(candidate);
    return known.length >= 4 && (known.includes(given) || given.includes(known));
  });
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (isSwap(a, i, b, j)) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

function isSwap(a: string, i: number, b: string, j: number): boolean {
  return i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
}
