/**
 * `npm run test:agents`: installs the codex, gemini and opencode CLIs into .agents/ (once), builds the program, and drives
 * each of them through it against a stand-in for the model on this machine: no key, no sign-in, no model. Arguments go to
 * vitest. The last line counts the tests; exit code 1 when anything failed.
 */
import { installAgentClis } from "./lib/agentClis.ts";
import { showTool } from "./lib/command.ts";
import { runTests } from "./lib/runTests.ts";
import { lastWords } from "./lib/testCounts.ts";

const failure = (await installAgentClis()) === 0 ? await buildFailure() : "The agents could not be installed";
if (failure !== undefined) console.error(`${failure}, so nothing was tested`);
const counts =
  failure === undefined
    ? await runTests(["agents"], process.argv.slice(2))
    : { passed: 0, failed: 1, skipped: 0, failures: [] };
console.log(lastWords(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

async function buildFailure(): Promise<string | undefined> {
  return (await showTool("node", ["scripts/build.ts"])) === 0 ? undefined : "The program could not be built";
}
