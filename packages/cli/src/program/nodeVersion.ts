/** The lines of Node this program is tried on, oldest first: 22 from 22.22 on, and everything from 24 on. */
const oldestMinorOf22 = 22;

/**
 * The sentence for a Node this program does not run on; undefined for one it does. Read before anything else is loaded, so that a
 * person gets it instead of a stack: neither this file nor who imports it may use what an old Node does not know.
 *
 * @param version as `process.versions.node` has it
 */
export function nodeProblem(version: string, path: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major >= 24 || (major === 22 && minor >= oldestMinorOf22)) return undefined;
  return (
    `error: claude-orchestrator needs Node 22.22 or newer (22, 24 or 26), and this is Node ${version} (${path})\n\n` +
    "hint: install Node 24 from https://nodejs.org or by your version manager (`nvm install 24`, `fnm install 24`, " +
    "`brew install node@24`), then run it again\n"
  );
}
