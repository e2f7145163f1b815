import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

/** Bytes that we may still write where `path` is, or would be; undefined where the system does not say. */
export function freeSpaceAt(path: string): number | undefined {
  for (let place = path; ; place = dirname(place)) {
    if (!existsSync(place) && dirname(place) !== place) continue;
    try {
      const { bavail, bsize } = statfsSync(place);
      return bavail * bsize;
    } catch {
      return undefined;
    }
  }
}
