import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { compareVersions, parseVersion } from "../releases/version.ts";

/** What is known of newer versions without asking anybody; times in milliseconds since 1970. */
export interface KnownNews {
  /** When the source was asked last, whether or not it answered. */
  readonly askedAt: number;
  /** When a person was told last. */
  readonly toldAt: number;
  /** What could be updated to, as the source said it then. */
  readonly newest?: string;
}

const dayMs = 24 * 60 * 60_000;
const nothing: KnownNews = { askedAt: 0, toldAt: 0 };

/** The version to tell of: newer than what runs, and nothing was told today. */
export function newsToTell(news: KnownNews, running: string, now: number): string | undefined {
  const { newest, toldAt } = news;
  if (newest === undefined || compareVersions(newest, running) <= 0) return undefined;
  return isPast(toldAt, now) ? newest : undefined;
}

export function shouldAsk({ askedAt }: KnownNews, now: number): boolean {
  return isPast(askedAt, now);
}

/** A day is over; also where the clock was put back since. */
function isPast(at: number, now: number): boolean {
  return now - at >= dayMs || at > now;
}

/** What cannot be read is as if nothing were known. */
export function readNews(file: string): KnownNews {
  try {
    const { askedAt, toldAt, newest } = JSON.parse(readFileSync(file, "utf8")) as Partial<KnownNews>;
    if (!isTime(askedAt) || !isTime(toldAt)) return nothing;
    const isVersion = typeof newest === "string" && parseVersion(newest) !== undefined;
    return { askedAt, toldAt, ...(isVersion ? { newest } : {}) };
  } catch {
    return nothing;
  }
}

export function writeNews(file: string, news: KnownNews): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify(news), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
