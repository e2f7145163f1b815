import { parsePublicKey } from "../minisign/publicKey.ts";
import type { PublicKey } from "../minisign/publicKey.ts";

/** A key that is believed, and for how long. */
export interface ReleaseKey extends PublicKey {
  /** What it signs is for trying out: never a release. */
  readonly isTest: boolean;
  /** Seconds since 1970: what says that it was signed before, or at `until` and later, is not believed. */
  readonly from?: number;
  readonly until?: number;
}

/** A key as it is written down here. */
interface PinnedKey {
  /** As `node scripts/releaseKeys.ts` prints it. */
  readonly line: string;
  /** Days, `2027-01-31`. */
  readonly from?: string;
  readonly until?: string;
}

/**
 * The keys of releases, those of past ones too (docs/guide/release-keys.md). A key that was stolen is taken out: nothing it has signed
 * is believed any more, whatever date stands there.
 */
const pinned: readonly PinnedKey[] = [];

/** Anybody can make its secret half: it stands in the source of the release. */
const testKeyLine = "RWTypBGYIoMoFFUpjS++zGIAOz6suqHSZzw+KJkplkqxsuQcTa2aagI7";

/** All keys this program believes by itself; the test key is among them, so that what it has signed can be called by its name. */
export function pinnedKeys(): readonly ReleaseKey[] {
  return [...pinned.map(releaseKey), { ...publicKeyOf(testKeyLine), isTest: true }];
}

/** The same as minisign writes them, for what believes them without this program: an installer. */
export function pinnedKeyLines(): readonly string[] {
  return [...pinned.map(({ line }) => line), testKeyLine];
}

/** As minisign writes them, without the test key: all, or those that may have signed a release of that time (seconds since 1970). */
export function releaseKeyLines(at?: number): readonly string[] {
  const isInUse = ({ from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }: ReleaseKey): boolean =>
    at === undefined || (at >= from && at < until);
  return pinned.filter((each) => isInUse(releaseKey(each))).map(({ line }) => line);
}

function releaseKey({ line, from, until }: PinnedKey): ReleaseKey {
  return {
    ...publicKeyOf(line),
    isTest: false,
    ...(from === undefined ? {} : { from: secondsAt(from) }),
    ...(until === undefined ? {} : { until: secondsAt(until) }),
  };
}

function publicKeyOf(line: string): PublicKey {
  const key = parsePublicKey(line);
  if ("problem" in key) throw new Error(`a pinned key cannot be read: ${key.problem}`);
  return key;
}

function secondsAt(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}
