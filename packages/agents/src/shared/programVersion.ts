/** The first `1.2.3` (with what hangs on it) in what a program printed about itself. */
export function firstVersion(output: string): string | undefined {
  return /\b\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)?/.exec(output)?.[0];
}

/** No version of this program is known to be bad. */
export const noneKnownBad = (): undefined => undefined;

/** A prompt longer than this goes by standard input: one argument of a process may have 128 KiB, in UTF-8. */
export const longestPromptArgument = 32_000;
