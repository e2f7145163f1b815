import { showTool } from "./command.ts";
import { runTests } from "./runTests.ts";
import { lastWords } from "./testCounts.ts";

/**
 * Builds the program, runs the named vitest projects on it, says what failed and the count, and sets the exit code: 1 when anything failed,
 * or where nothing could be tested. Arguments of the script go to vitest.
 *
 * @param prepare what is needed before; gives why it could not be had
 */
export async function testBuilt(
  projects: readonly string[],
  prepare: () => Promise<string | undefined> = async () => undefined,
): Promise<void> {
  const failure = (await prepare()) ?? (await buildFailure());
  if (failure !== undefined) console.error(`${failure}, so nothing was tested`);
  const counts =
    failure === undefined
      ? await runTests(projects, process.argv.slice(2))
      : { passed: 0, failed: 1, skipped: 0, failures: [] };
  console.log(lastWords(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

async function buildFailure(): Promise<string | undefined> {
  return (await showTool("node", ["scripts/build.ts"])) === 0 ? undefined : "The program could not be built";
}
