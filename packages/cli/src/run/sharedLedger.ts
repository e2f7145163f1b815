import { existsSync } from "node:fs";
import { join } from "node:path";
import { isShared, UserError } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import { openSpendingLedger, spendingLedgerName } from "@claude-orchestrator/store";
import type { SpendingLedger } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { stateFolder } from "../schedule/stateFolder.ts";

interface SharedSpender {
  readonly plan: Plan;
  readonly run: string;
  readonly directory: string;
  readonly isPlayed: boolean;
}

/**
 * The ledger of all this person's runs: made by the first run that has a budget over several of them; from then on every run
 * counts in it. A run without such a budget goes on without it where it cannot be used, and says so. What is played (a replay, the
 * tour) spends no money, and counts in none.
 *
 * @throws UserError log-not-usable where a budget of this run could not hold without it
 */
export function openSharedLedger(
  { plan, run, directory, isPlayed }: SharedSpender,
  io: Pick<Io, "env" | "cwd" | "talk">,
): SpendingLedger | undefined {
  if (isPlayed) return undefined;
  const folder = stateFolder(io);
  const isNeeded = plan.limits.some(isShared);
  if (!isNeeded && !existsSync(join(folder, spendingLedgerName))) return undefined;
  const { timeZone: zone } = new Intl.DateTimeFormat("en").resolvedOptions();
  try {
    return openSpendingLedger(folder, { run, directory, wall: () => Date.now(), zone });
  } catch (error) {
    if (isNeeded || !(error instanceof UserError)) throw error;
    io.talk.write(`warning: what this run spends does not count in the budgets of other runs: ${error.message}\n`);
    return undefined;
  }
}
