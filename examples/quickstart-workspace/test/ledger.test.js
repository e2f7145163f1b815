import assert from "node:assert/strict";
import { test } from "node:test";
import { createLedger } from "../src/ledger.js";
import { balanceTable } from "../src/report.js";

test("a balance is the sum of an account's entries", () => {
  const ledger = createLedger();
  ledger.add("2026-01-02", "food", "12.50");
  ledger.add("2026-01-03", "food", "-2,25");
  assert.equal(ledger.balance("food"), 1025);
});

test("the table has a line for each account", () => {
  const ledger = createLedger();
  ledger.add("2026-01-02", "food", "12.50");
  ledger.add("2026-01-02", "rent", "800");
  assert.equal(balanceTable(ledger).split("\n").length, 2);
});
