// In a module of its own, which is read when an update is looked for and never by anything else.
import { Updater } from "tuf-js";
import { repositoryBase, sourceFetcher } from "./sourceFetcher.ts";
import type { FetchPatience } from "./sourceFetcher.ts";
import type { UpdateSource } from "./updateSource.ts";

interface UpdaterChoices {
  readonly patience?: FetchPatience | undefined;
  /** The day by which metadata has expired or not; today where it is left out. */
  readonly asOf?: Date;
}

/** tuf-js over a source, working in a folder that holds what was believed last. */
export function makeUpdater(source: UpdateSource, work: string, { patience, asOf }: UpdaterChoices = {}): Updater {
  const updater = new Updater({
    metadataDir: work,
    metadataBaseUrl: `${repositoryBase}metadata`,
    targetDir: work,
    targetBaseUrl: `${repositoryBase}targets`,
    fetcher: sourceFetcher(source, work, patience),
  });
  // It takes no day from outside. Where a later tuf-js keeps it elsewhere, this does not compile.
  if (asOf !== undefined) updater["trustedSet"]["referenceTime"] = asOf;
  return updater;
}
