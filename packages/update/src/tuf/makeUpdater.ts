// In a module of its own, which is read when an update is looked for and never by anything else.
import { Updater } from "tuf-js";
import { repositoryBase, sourceFetcher } from "./sourceFetcher.ts";
import type { FetchPatience } from "./sourceFetcher.ts";
import type { UpdateSource } from "./updateSource.ts";

/** tuf-js over a source, working in a folder that holds what was believed last. */
export function makeUpdater(source: UpdateSource, work: string, patience?: FetchPatience): Updater {
  return new Updater({
    metadataDir: work,
    metadataBaseUrl: `${repositoryBase}metadata`,
    targetDir: work,
    targetBaseUrl: `${repositoryBase}targets`,
    fetcher: sourceFetcher(source, work, patience),
  });
}
