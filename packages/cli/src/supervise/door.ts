/** What the commands that reach a run at work need, by one import: each file of the bundle costs its opening. */
export { askTo } from "./askCommands.ts";
export { attachTo } from "./attach.ts";
export { setBudget, showBudgets } from "./budgetCommands.ts";
export { showLedger } from "./budgetLedger.ts";
export { listRunning } from "./listRunning.ts";
export { onBehalf } from "./onBehalf.ts";
export { resumeRunOf } from "./resume.ts";
export { retryRun } from "./retry.ts";
export { stopRun } from "./stop.ts";
