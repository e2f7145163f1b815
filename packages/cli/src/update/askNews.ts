import { chooseRelease, openRepository, readNews, writeNews } from "@claude-orchestrator/update";
import type { Io } from "../io/channel.ts";
import { programVersion } from "../program/version.ts";
import { allowedSource } from "./allowedSource.ts";
import { whileLocked } from "./place.ts";
import { platformWord } from "./runUpdate.ts";
import { channelOf, newsFile, trustOf } from "./updateSettings.ts";

/** However slow the source is. */
const mostMs = 60_000;

/** Asks the configured source what is newest, and keeps the answer for `tellNews`. Says nothing; nobody looks. */
export async function askNews(io: Io): Promise<number> {
  setTimeout(() => process.exit(0), mostMs).unref();
  try {
    const channel = channelOf(io, undefined);
    const source = await allowedSource(io, channel);
    const trust = await trustOf(io);
    await whileLocked(trust.folder, async () => {
      using repository = await openRepository({ source, trust: trust.folder, root: trust.root });
      const wish = { platform: platformWord(), channel, installed: programVersion() };
      const choice = chooseRelease(repository.offered, wish);
      const { askedAt, toldAt } = readNews(newsFile(io));
      const newest = choice.kind === "newer" ? { newest: choice.release.version } : {};
      writeNews(newsFile(io), { askedAt, toldAt, ...newest });
    });
  } catch {
    // What was known before stands.
  }
  return 0;
}
