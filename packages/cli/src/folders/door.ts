/** What the commands about folders of instances need, by one import: see supervise/door.ts. */
export { cleanWorktrees } from "./cleanWorktrees.ts";
export { listWorktrees } from "./listWorktrees.ts";
export { mergeRun } from "./mergeRun.ts";
export { showDifference } from "./showDifference.ts";
