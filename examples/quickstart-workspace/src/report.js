import { formatAmount } from "./money.js";

export function balanceTable(ledger) {
  return ledger
    .accounts()
    .map((account) => `${account.padEnd(16)}${formatAmount(ledger.balance(account)).padStart(12)}`)
    .join("\n");
}
