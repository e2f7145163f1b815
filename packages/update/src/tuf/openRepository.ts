import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Updater } from "tuf-js";
import { offeredReleases } from "../releases/offeredRelease.ts";
import type { OfferedRelease } from "../releases/offeredRelease.ts";
import type { FetchPatience } from "./sourceFetcher.ts";
import { keepTrust, openTrust } from "./trustFolder.ts";
import type { UpdateSource } from "./updateSource.ts";
import { whyRefused } from "./whyRefused.ts";

export interface RepositoryPlace {
  readonly source: UpdateSource;
  /** Where what was believed last is kept; one process at a time. */
  readonly trust: string;
  /** The root metadata the program believes by itself. */
  readonly root: string;
  readonly patience?: FetchPatience;
}

/** A repository whose metadata was verified as a whole, in one state. */
export interface Repository {
  readonly offered: readonly OfferedRelease[];
  /** Writes one of those offered into a file, whose bytes were verified. @throws UserError update-refused */
  download(release: OfferedRelease, file: string): Promise<void>;
  /** Ends it: nothing of it stays but what was believed. */
  [Symbol.dispose](): void;
}

/**
 * Reads what a source offers, by the workflow of The Update Framework: tuf-js verifies root, timestamp, snapshot and targets.
 *
 * @throws UserError update-refused where that is not believed, or cannot be read
 */
export async function openRepository(place: RepositoryPlace): Promise<Repository> {
  const { source, trust, root, patience } = place;
  const work = openTrust(trust, root);
  try {
    const { makeUpdater } = await import("./makeUpdater.ts");
    const updater = makeUpdater(source, work, { patience });
    await updater.refresh();
    const offered = offeredReleases(JSON.parse(readFileSync(join(work, "targets.json"), "utf8")));
    return {
      offered,
      download: (release, file) => download(updater, release, file).catch((error: unknown) => refuse(source, error)),
      [Symbol.dispose]: () => keepTrust(trust, work),
    };
  } catch (error) {
    keepTrust(trust, work);
    return refuse(source, error);
  }
}

async function download(updater: Updater, release: OfferedRelease, file: string): Promise<void> {
  const target = await updater.getTargetInfo(release.path);
  if (target?.hashes["sha256"] !== release.sha256) throw new Error(`${release.path} is not offered any more`);
  await updater.downloadTarget(target, file);
}

function refuse(source: UpdateSource, error: unknown): never {
  throw new UserError("update-refused", `Nothing was updated from ${source.name}: ${whyRefused(error)}`, {
    hint: "what is installed stays as it is; try again later, or from another source with `--from`",
    cause: error,
  });
}
