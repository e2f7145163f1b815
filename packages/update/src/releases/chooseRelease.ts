import { channels } from "./offeredRelease.ts";
import type { Channel, OfferedRelease } from "./offeredRelease.ts";
import { compareVersions } from "./version.ts";

export interface ReleaseWish {
  readonly platform: string;
  readonly channel: Channel;
  /** What runs now. */
  readonly installed: string;
  /** This one and no other, an older one too, of whatever channel. */
  readonly version?: string;
}

export type ReleaseChoice =
  | { readonly kind: "newer" | "older"; readonly release: OfferedRelease }
  | { readonly kind: "newest" }
  /** The channel has nothing as new as what runs: it is not gone back to. */
  | { readonly kind: "ahead"; readonly newest: string }
  | { readonly kind: "none-for-platform" }
  | { readonly kind: "no-such-version" }
  /** There are newer ones, but no way to them from what runs. */
  | { readonly kind: "too-old"; readonly release: OfferedRelease };

/**
 * Which release to go to. Without a wish for one version never an older one: whoever replays what was once signed moves nobody
 * back.
 */
export function chooseRelease(offered: readonly OfferedRelease[], wish: ReleaseWish): ReleaseChoice {
  const forPlatform = offered.filter(({ platform }) => platform === wish.platform);
  if (wish.version !== undefined) return chooseVersion(forPlatform, wish, wish.version);
  const followed = channels.slice(0, channels.indexOf(wish.channel) + 1);
  const newestFirst = forPlatform
    .filter(({ channel }) => followed.includes(channel))
    .toSorted((a, b) => compareVersions(b.version, a.version));
  const [newest] = newestFirst;
  if (newest === undefined) return { kind: "none-for-platform" };
  const difference = compareVersions(newest.version, wish.installed);
  if (difference === 0) return { kind: "newest" };
  if (difference < 0) return { kind: "ahead", newest: newest.version };
  const newer = newestFirst.filter(({ version }) => compareVersions(version, wish.installed) > 0);
  // Where the newest is too far, the newest that can be reached is a step towards it.
  const reached = newer.find((release) => canBeReached(release, wish.installed));
  return reached === undefined ? { kind: "too-old", release: newest } : { kind: "newer", release: reached };
}

function chooseVersion(offered: readonly OfferedRelease[], { installed }: ReleaseWish, version: string): ReleaseChoice {
  const release = offered.find((each) => compareVersions(each.version, version) === 0);
  if (release === undefined) return { kind: "no-such-version" };
  const difference = compareVersions(release.version, installed);
  if (difference === 0) return { kind: "newest" };
  if (difference < 0) return { kind: "older", release };
  return canBeReached(release, installed) ? { kind: "newer", release } : { kind: "too-old", release };
}

function canBeReached({ minFrom }: OfferedRelease, installed: string): boolean {
  return minFrom === undefined || compareVersions(minFrom, installed) <= 0;
}
