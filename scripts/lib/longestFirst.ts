import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take longest, the longest first. What takes a minute and is started last runs alone for that minute, while the other
 * cores have nothing to do; a clean clone remembers no durations, so they are named here. A file that is not named is only short.
 */
export const longest: readonly string[] = [
  "packages/store/src/runLogKilled.test.ts",
  "e2e/web/screens.web.test.ts",
  "e2e/chaos/chaos.e2e.test.ts",
  "e2e/schedulesKilled.e2e.test.ts",
  "e2e/catalogue.e2e.test.ts",
  "e2e/cliRun.e2e.test.ts",
  "e2e/web/live.web.test.ts",
  "e2e/web/tasks.web.test.ts",
  "e2e/web/hostile.web.test.ts",
  "e2e/budgets.e2e.test.ts",
  "e2e/gateway.e2e.test.ts",
  "e2e/superviseResume.e2e.test.ts",
  "e2e/notify.e2e.test.ts",
  "e2e/cassettes.e2e.test.ts",
  "packages/cli/src/main.test.ts",
  "packages/cli/src/run/fullDisk.test.ts",
  "packages/cli/src/history/pruneKilled.test.ts",
];

const places = new Map(
  longest.map((name, place) => [fileURLToPath(new URL(`../../${name}`, import.meta.url)), place] as const),
);

/** The longest first, whatever project they are of, then the largest: a small file at the end leaves no core without work for long. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sizes = new Map(files.map(({ moduleId }) => [moduleId, statSync(moduleId).size]));
    const place = ({ moduleId }: TestSpecification): number => places.get(moduleId) ?? places.size;
    const size = ({ moduleId }: TestSpecification): number => sizes.get(moduleId) ?? 0;
    return Promise.resolve(files.toSorted((one, other) => place(one) - place(other) || size(other) - size(one)));
  }
}
