import { existsSync } from "node:fs";
import { join } from "node:path";
import { formatAmount, UserError } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope } from "@claude-orchestrator/domain";
import { openSpendingLedger, spendingLedgerName } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { stateFolder } from "../schedule/stateFolder.ts";
import { layTable } from "../views/text/table.ts";

const hour = 3_600_000;

const periods: readonly { readonly period: string; readonly scope: (zone: string) => BudgetScope }[] = [
  { period: "today", scope: (zone) => ({ kind: "day", zone }) },
  { period: "last 24 hours", scope: () => ({ kind: "machine", windowMs: 24 * hour }) },
  { period: "last 3 days", scope: () => ({ kind: "machine", windowMs: 72 * hour }) },
];

/**
 * `budget ledger`: what budgets over all runs are counted by, as it stands. What runs that were killed had set aside counts as
 * spent, as it does for whoever starts next.
 */
export function showLedger(
  flags: { readonly json: boolean; readonly tz: string | undefined },
  io: Io,
): Promise<number> {
  const folder = stateFolder(io);
  const path = join(folder, spendingLedgerName);
  const zone = zoneOf(flags.tz);
  if (!existsSync(path)) {
    if (flags.json) io.out.json({ path: null, zone, periods: [] });
    else io.talk.write("no run has had a budget of the day or of the machine yet: nothing is counted over all runs\n");
    return Promise.resolve(0);
  }
  const rows = readLedger(folder, zone);
  if (flags.json) io.out.json({ path, zone, periods: rows.map(documentOf) });
  else io.out.lines(layTable(columns, rows.map(cellsOf), { width: io.out.columns, titles: true }));
  return Promise.resolve(0);
}

interface Row {
  readonly period: string;
  readonly used: Readonly<Record<BudgetLimit["unit"], number>>;
  readonly reserved: Readonly<Record<BudgetLimit["unit"], number>>;
}

const columns = [
  { title: "all runs", rank: 5 },
  { title: "cost", align: "right", rank: 4 },
  { title: "tokens", align: "right", rank: 4 },
  { title: "set aside", rank: 3 },
] as const;

function readLedger(folder: string, zone: string): readonly Row[] {
  // Of no run: it spends nothing, and looks at what those that do have left.
  const ledger = openSpendingLedger(folder, { run: "", directory: "", wall: () => Date.now(), zone });
  try {
    return periods.map(({ period, scope }) => {
      const limit = { scope: scope(zone), limit: 0, enforcement: "warn" } as const;
      const [tokens, cost] = ledger.standing([
        { ...limit, unit: "tokens" },
        { ...limit, unit: "cost_usd" },
      ]);
      const amounts = (key: "used" | "reserved") => ({ tokens: tokens?.[key] ?? 0, cost_usd: cost?.[key] ?? 0 });
      return { period, used: amounts("used"), reserved: amounts("reserved") };
    });
  } finally {
    ledger.close();
  }
}

function documentOf({ period, used, reserved }: Row) {
  return { period, used: { ...used }, reserved: { ...reserved } };
}

function cellsOf({ period, used, reserved }: Row, at: number) {
  const nothing = at > 0 || (reserved.tokens === 0 && reserved.cost_usd === 0);
  return [
    { text: period },
    { text: formatAmount("cost_usd", used.cost_usd) },
    { text: formatAmount("tokens", used.tokens) },
    {
      text: nothing ? "" : `${formatAmount("cost_usd", reserved.cost_usd)}, ${formatAmount("tokens", reserved.tokens)}`,
    },
  ];
}

/** @throws UserError usage */
function zoneOf(tz: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: tz }).resolvedOptions().timeZone;
  } catch {
    throw new UserError("usage", `There is no time zone \`${tz ?? ""}\``, {
      hint: "write one such as `Europe/Berlin`",
    });
  }
}
