import { cacheReadShare, formatCost, formatTokens, totalTokens } from "@claude-orchestrator/domain";
import { cacheWords, sharePercent } from "../views/cacheWords.ts";
import type { Glyphs } from "../views/text/glyphs.ts";
import { line, wrappedLines } from "../views/text/line.ts";
import type { Line, Tone } from "../views/text/line.ts";
import { layTellingTable } from "../views/text/table.ts";
import { counted } from "../views/words.ts";
import type { Grouping, UsageRow } from "./usageTable.ts";

export interface UsageLook {
  /** Infinity where the output is no terminal: nothing is cut then. */
  readonly columns: number;
  readonly glyphs: Glyphs;
}

/** A row per heading, one for the sum where there are several, and what the figures do not say by themselves. */
export function usageLines(
  by: Grouping,
  { rows, total }: { readonly rows: readonly UsageRow[]; readonly total: UsageRow },
  look: UsageLook,
): readonly Line[] {
  const all = rows.map((row) => rowCells(row, look.glyphs, "strong"));
  const sum =
    rows.length > 1 ? [rowCells(total, look.glyphs).map((cell) => ({ ...cell, tone: "strong" as const }))] : [];
  const table = layTellingTable(
    [
      { title: by, rank: 20, shrinkTo: by === "day" ? 10 : 18 },
      { title: "runs", rank: 13, align: "right" },
      { title: "instances", rank: 5, align: "right" },
      { title: "attempts", rank: 12, align: "right" },
      { title: "tokens", rank: 17, align: "right" },
      { title: "in", rank: 8, align: "right" },
      { title: "out", rank: 9, align: "right" },
      { title: "cache read", rank: 7, align: "right" },
      { title: "cache write", rank: 6, align: "right" },
      { title: "cached", rank: 16, align: "right" },
      { title: "saved", rank: 14, align: "right" },
      { title: "failed", rank: 15, align: "right" },
      { title: "cost", rank: 19, align: "right" },
    ],
    [...all, ...sum],
    { width: look.columns },
  );
  return [
    ...table,
    line(""),
    ...remarks(by, total).flatMap((each) => wrappedLines(each, look.columns, { tone: "quiet" })),
  ];
}

function rowCells(row: UsageRow, glyphs: Glyphs, tone?: Tone): Line {
  const { usage } = row;
  const sign = row.isFinal ? "" : glyphs.atLeast;
  const tokens = (count: number): string => (count === 0 ? "-" : formatTokens(count));
  const share = cacheReadShare(usage);
  const total = totalTokens(usage);
  const texts = [
    String(row.runs),
    String(row.instances),
    String(row.attempts),
    total === 0 ? "-" : `${sign}${formatTokens(total)}`,
    tokens(usage.input),
    tokens(usage.output),
    tokens(usage.cacheRead),
    tokens(usage.cacheWrite5m + usage.cacheWrite1h),
    share === undefined ? "-" : sharePercent(share),
    savedText(row),
    row.failedCostUsd === 0 ? "-" : `${sign}${formatCost(row.failedCostUsd)}`,
    costText(row, sign),
  ];
  return [tone === undefined ? { text: row.key } : { text: row.key, tone }, ...texts.map((text) => ({ text }))];
}

/** "$1.2000", "-$0.3000" where writing to the cache has cost more than reading it saved, "?" where no price is known. */
function savedText({ savedUsd, savedIsKnown }: UsageRow): string {
  if (savedUsd === 0) return savedIsKnown ? "-" : "?";
  return `${savedUsd < 0 ? "-" : ""}${formatCost(Math.abs(savedUsd))}${savedIsKnown ? "" : " + ?"}`;
}

/** As in the summary of a run: "?" for a price nobody knows, added where a part of it is known. */
function costText({ costUsd, unpriced, usage }: UsageRow, sign: string): string {
  if (unpriced.tokens > 0) return costUsd > 0 ? `${sign}${formatCost(costUsd)} + ?` : "?";
  return totalTokens(usage) === 0 && costUsd === 0 ? "-" : `${sign}${formatCost(costUsd)}`;
}

const mostModels = 5;

function remarks(by: Grouping, total: UsageRow): readonly string[] {
  const all = [
    priceRemark(total),
    cacheWords(total.usage, { usd: total.savedUsd, isWhole: total.savedIsKnown }) ?? "",
    ...(total.failedAttempts === 0
      ? []
      : [
          `${formatCost(total.failedCostUsd)} of it went into ${counted(total.failedAttempts, "attempt")} that did not succeed`,
        ]),
    ...(total.openAttempts === 0
      ? []
      : [
          `${counted(total.openAttempts, "attempt has", "attempts have")} not ended, or nobody saw it: counted as far as the log tells`,
        ]),
    ...(by === "model" && total.attempts > 0
      ? ["An attempt that used several models is counted under each of them"]
      : []),
  ];
  return all.filter((each) => each !== "");
}

function priceRemark({ costUsd, unpriced, isFinal }: UsageRow): string {
  const known = `${isFinal ? "" : "At least "}${formatCost(costUsd)}`;
  const bound = isFinal ? "" : "; some agents have not told their own totals";
  if (unpriced.tokens === 0) return `${known} in all, every model with a known price${bound}`;
  const shown = unpriced.models.slice(0, mostModels).join(", ");
  const more = unpriced.models.length > mostModels ? ` and ${unpriced.models.length - mostModels} more` : "";
  return `${known}, and ${counted(unpriced.runs, "run")} with a model without a price (${shown}${more}: ${formatTokens(unpriced.tokens)} tokens)${bound}`;
}
