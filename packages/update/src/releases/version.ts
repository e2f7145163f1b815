/** A release's version, as semver has it: numbers, and a word for what comes before them. */
export interface Version {
  readonly numbers: readonly [number, number, number];
  /** `beta.2` is ["beta", 2]; empty for a release itself. */
  readonly before: readonly (string | number)[];
}

const form = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** Undefined for what is no version. Build metadata (`+…`) is none of ours. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, before] = text.length > 100 ? [] : (form.exec(text) ?? []);
  if (major === undefined) return undefined;
  const words = before === undefined ? [] : before.split(".");
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    before: words.map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : word)),
  };
}

/** Below 0: `a` is the older one. What is no version is older than all that are. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  for (const at of [0, 1, 2] as const) {
    const difference = left.numbers[at] - right.numbers[at];
    if (difference !== 0) return difference;
  }
  return compareBefore(left.before, right.before);
}

function compareBefore(left: Version["before"], right: Version["before"]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [a, b] = [left[at], right[at]];
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    const difference = compareWords(a, b);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareWords(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}
