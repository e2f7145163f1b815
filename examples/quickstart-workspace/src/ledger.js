import { parseAmount } from "./money.js";

/** A list of entries, each `{ date, account, cents }`. */
export function createLedger() {
  const entries = [];
  return {
    add(date, account, amount) {
      entries.push({ date, account, cents: parseAmount(amount) });
    },
    balance(account) {
      return entries.filter((entry) => entry.account === account).reduce((sum, entry) => sum + entry.cents, 0);
    },
    /** All entries, newest first. */
    history() {
      return entries.sort((a, b) => (a.date < b.date ? 1 : -1));
    },
    accounts() {
      return [...new Set(entries.map((entry) => entry.account))];
    },
  };
}
