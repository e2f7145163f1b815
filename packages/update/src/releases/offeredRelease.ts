import { parseVersion } from "./version.ts";

/** From the steadiest on: who follows one is offered what is in those before it too. */
export const channels = ["stable", "beta", "nightly"] as const;

export type Channel = (typeof channels)[number];

export function isChannel(word: unknown): word is Channel {
  return channels.some((channel) => channel === word);
}

/** One executable that a repository has signed. */
export interface OfferedRelease {
  /** Its name in the repository; has no folder in it. */
  readonly path: string;
  readonly version: string;
  readonly channel: Channel;
  /** As manifests name it, such as `linux-x64`. */
  readonly platform: string;
  /** The oldest version that can go to this one in one step. */
  readonly minFrom?: string;
  /** Bytes. */
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/** What is larger is none of our executables, which have 40 MB at most. */
const maxReleaseBytes = 200_000_000;
/** No separator of any system, no drive, no hidden file. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** The releases in the verified `targets.json`; what is not written as ours are is passed over. */
export function offeredReleases(targets: unknown): readonly OfferedRelease[] {
  const list = memberOf(memberOf(targets, "signed"), "targets");
  if (typeof list !== "object" || list === null) return [];
  return Object.entries(list).flatMap(([path, target]) => {
    const release = offeredRelease(path, target);
    return release === undefined ? [] : [release];
  });
}

function offeredRelease(path: string, target: unknown): OfferedRelease | undefined {
  const { version, channel, platform, min_from: minFrom } = wordsOf(memberOf(target, "custom"));
  const content = contentOf(target);
  if (!plainName.test(path) || content === undefined) return undefined;
  if (!isVersion(version) || !isChannel(channel) || typeof platform !== "string") return undefined;
  if (minFrom === undefined) return { path, version, channel, platform, ...content };
  return isVersion(minFrom) ? { path, version, channel, platform, minFrom, ...content } : undefined;
}

function contentOf(target: unknown): Pick<OfferedRelease, "size" | "sha256"> | undefined {
  const sha256 = memberOf(memberOf(target, "hashes"), "sha256");
  const size = memberOf(target, "length");
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return typeof size === "number" && size > 0 && size <= maxReleaseBytes ? { size, sha256 } : undefined;
}

function isVersion(text: unknown): text is string {
  return typeof text === "string" && parseVersion(text) !== undefined;
}

function wordsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function memberOf(value: unknown, name: string): unknown {
  return wordsOf(value)[name];
}
