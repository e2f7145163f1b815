import { join } from "node:path";
import { openSpendingLedger } from "@claude-orchestrator/store";
import { expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import { makeFolder } from "../testing/folder.ts";
import { showLedger } from "./budgetLedger.ts";

test("what all runs have spent today is told, in dollars and tokens, with what is set aside", async () => {
  using home = makeFolder();
  const folder = join(home.path, "state");
  const io = () => capturedIo({ env: { CLAUDE_ORCHESTRATOR_STATE: folder }, cwd: home.path });
  const none = io();
  expect(await showLedger({ json: false, tz: undefined }, none)).toBe(0);
  expect(none.said()).toContain("nothing is counted over all runs");
  const ledger = openSpendingLedger(folder, { run: "r", directory: folder, wall: () => Date.now(), zone: "UTC" });
  ledger.record("a#1", { tokens: 1200, costUsd: 0.25 });
  ledger.close();
  const shown = io();
  await showLedger({ json: false, tz: "UTC" }, shown);
  expect(shown.printed()).toMatch(/today +\$0\.2500 +1\.2K tokens|today +\$0\.2500 +1,200 tokens/u);
  const json = io();
  await showLedger({ json: true, tz: "UTC" }, json);
  expect(JSON.parse(json.printed())).toMatchObject({
    zone: "UTC",
    periods: [
      { period: "today", used: { tokens: 1200, cost_usd: 0.25 }, reserved: { tokens: 0, cost_usd: 0 } },
      {},
      {},
    ],
  });
  await expect(async () => showLedger({ json: true, tz: "Moon/Base" }, io())).rejects.toThrow("no time zone");
});
