/**
 * `npm run test:agents`: installs the codex, gemini and opencode CLIs into .agents/ (once), builds the program, and drives
 * each of them through it against a stand-in for the model on this machine: no key, no sign-in, no model. Arguments go to
 * vitest. The last line counts the tests; exit code 1 when anything failed.
 */
import { installAgentClis } from "./lib/agentClis.ts";
import { testBuilt } from "./lib/testBuilt.ts";

await testBuilt(["agents"], async () =>
  (await installAgentClis()) === 0 ? undefined : "The agents could not be installed",
);
