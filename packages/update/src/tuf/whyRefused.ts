/** What tuf-js found, by what it says of it; wrapped errors of its are strings inside strings, so there are only words to go by. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /root\.json is expired/i,
    "its root of trust has expired: it is not kept up any more, or newer versions are held back",
  ],
  [/is expired/i, "what it says has expired: it is not kept up any more, or newer versions are held back"],
  [
    /less than current version|in new snapshot/,
    "it goes back to before what was seen here already: an old state is served as a new one",
  ],
  [/was signed by|signature/i, "it is not signed by the keys that this program believes"],
  [/Expected version \d/, "its root of trust has a version that does not follow the one before it"],
  [
    /Expected (?:length|hash)|[Hh]ash .*mismatch|match timestamp|match snapshot version|Missing \S+ in snapshot/,
    "its parts do not belong together: one was altered, or comes from another state",
  ],
  [/longer than|Max length/, "it sends more than it may"],
];

/** Why what a source says is not believed, or how it failed: one sentence's end. */
export function whyRefused(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return reasons.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}
