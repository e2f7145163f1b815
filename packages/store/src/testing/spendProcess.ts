/**
 * Spends against a ledger as a supervisor does, until nothing fits. Words: the ledger's folder, the run's directory, and the
 * limit in tokens. Prints how many requests were granted and settled.
 */
import { writeSync } from "node:fs";
import { acquireRunLock } from "../runLock.ts";
import { openSpendingLedger } from "../spending/spendingLedger.ts";

const [, , folder = "", directory = "", most = ""] = process.argv;
const limit = { scope: { kind: "day" }, unit: "tokens", limit: Number(most), enforcement: "block" } as const;
// What a run without its lock has set aside is counted as spent by whoever finds it full.
const lock = acquireRunLock(directory);
const ledger = openSpendingLedger(folder, { run: directory, directory, wall: () => 1_000_000, zone: "UTC" });
let granted = 0;
for (;;) {
  const request = { attempt: "a#1", request: granted + 1 };
  const isFull = ledger.reserve(request, { tokens: 1, costUsd: 0 }, [limit], ([standing]) => {
    return standing === undefined || standing.used + standing.reserved + 1 > limit.limit ? true : undefined;
  });
  if (isFull === true) break;
  granted += 1;
  ledger.record("a#1", { tokens: granted, costUsd: 0 });
  ledger.release(request);
}
ledger.close();
lock?.release();
writeSync(1, `${granted}\n`);
