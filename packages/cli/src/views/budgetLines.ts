import { formatAmount, formatTokens } from "@claude-orchestrator/domain";
import type { BudgetUse } from "./budgetUse.ts";
import type { Glyphs } from "./text/glyphs.ts";
import type { Line, Span, Tone } from "./text/line.ts";
import { layTellingTable } from "./text/table.ts";
import { scopeText } from "./words.ts";

const warnAt = 0.8;

/** What a budget promises on this path, in one sentence: shown wherever one is. */
export const overshootSentence =
  "A budget is checked after each model request that was told: it can be overshot by one request in flight per running agent";

/** Whose spending no budget in dollars can count, in one sentence; undefined where there is none. */
export function uncountedSentence(uses: readonly BudgetUse[]): string | undefined {
  const models = [...new Set(uses.flatMap(({ unpriced }) => unpriced))];
  if (models.length === 0) return undefined;
  const [price, spend] = models.length === 1 ? ["price", "it spends"] : ["prices", "they spend"];
  const are = models.length === 1 ? "is" : "are";
  return `The ${price} of ${models.join(", ")} ${are} not known: what ${spend} is not counted against a budget in dollars`;
}

/**
 * One bar per budget: a sign at 80 %, what is used of what, in words when it is nearly or wholly spent, what is left of it, how
 * many requests did not fit, and what is set aside for those under way.
 */
export function budgetLines(uses: readonly BudgetUse[], columns: number, glyphs: Glyphs): readonly Line[] {
  const layout = layoutFor(
    columns,
    uses.some(({ requests }) => requests !== undefined),
  );
  return layTellingTable(
    [
      { title: "budget", shrinkTo: 6, rank: 5 },
      { title: "", rank: 1 },
      { title: "", align: "right", atLeast: 5, rank: 6 },
      { title: "", rank: 4, shrinkTo: 9 },
      { title: "", rank: 3 },
      { title: "", rank: 0 },
      { title: "", rank: 2 },
      // The last, since it comes and goes with every request: nothing beside it moves.
      { title: "", rank: 2 },
    ],
    uses.map((use) => budgetRow(use, layout, glyphs)),
    { width: columns, titles: false },
  );
}

interface Layout {
  readonly barWidth: number;
  readonly showsLeft: boolean;
}

/** Of the screen alone and not of what is to be said: a redrawn line does not jump. */
function layoutFor(columns: number, throughGateway: boolean): Layout {
  if (!throughGateway) return { barWidth: columns < 60 ? 10 : 24, showsLeft: columns >= 110 };
  if (columns >= 130) return { barWidth: 24, showsLeft: true };
  return { barWidth: columns < 95 ? 0 : 10, showsLeft: columns >= 115 };
}

function budgetRow(use: BudgetUse, { barWidth, showsLeft }: Layout, glyphs: Glyphs): Line {
  const tone = budgetTone(use.share);
  const sign = use.complete ? "" : glyphs.atLeast;
  return [
    { text: `budget ${scopeText(use.limit.scope)}`, tone: "quiet" },
    { text: bar(use.share, barWidth, glyphs), tone },
    { text: percent(use.share), tone },
    { text: `${sign}${shortAmount(use.limit, use.used)} of ${formatAmount(use.limit.unit, use.limit.limit)}` },
    { text: budgetWord(use), tone },
    { text: showsLeft ? leftText(use) : "", tone: "quiet" },
    refusedSpan(use),
    { text: reservedText(use), tone: "quiet" },
  ];
}

/** "12.3K tokens", with the sign of a lower bound where that is what it is. */
export function usedText(use: BudgetUse, glyphs: Glyphs): string {
  return `${use.complete ? "" : glyphs.atLeast}${formatAmount(use.limit.unit, use.used)}`;
}

/** Nothing where no request is under way: what is set aside for none says nothing. */
export function reservedText({ limit, requests }: BudgetUse): string {
  if (requests === undefined || requests.open === 0) return "";
  return `${shortAmount(limit, requests.reserved)} set aside`;
}

/**
 * Nothing where a lower bound is all that is known of what is used (of a budget over all runs: as of the last look), or where a
 * word says that nothing is left.
 */
export function leftText({ limit, left, complete }: BudgetUse): string {
  return complete && left > 0 ? `${shortAmount(limit, left)} left` : "";
}

function refusedSpan({ requests }: BudgetUse): Span {
  const refused = requests?.refused ?? 0;
  return refused === 0 ? { text: "" } : { text: `${refused} refused`, tone: "warn" };
}

/** Beside the limit, which names the unit. */
function shortAmount({ unit }: BudgetUse["limit"], amount: number): string {
  return unit === "tokens" ? formatTokens(amount) : formatAmount(unit, amount);
}

export function percent(share: number): string {
  return share < 100 ? `${Math.floor(share * 100)} %` : ">9999 %";
}

/** What a budget's state means, in words. */
export function budgetWord({ share, limit, used }: BudgetUse): string {
  if (used > limit.limit) return limit.enforcement === "warn" ? "over (warns only)" : "over";
  if (share >= 1) return "spent";
  return share >= warnAt ? "nearly spent" : "";
}

export function budgetTone(share: number): Tone {
  if (share >= 1) return "bad";
  return share >= warnAt ? "warn" : "good";
}

/** Filled in proportion, never wider than `width`, with a mark at 80 %. */
function bar(share: number, width: number, glyphs: Glyphs): string {
  const filled = Math.max(0, Math.min(width, Math.floor((Number.isFinite(share) ? share : 1) * width)));
  const markAt = Math.floor(warnAt * width);
  return Array.from({ length: width }, (_each, at) => {
    if (at === markAt && filled <= at) return glyphs.mark;
    return at < filled ? glyphs.full : glyphs.empty;
  }).join("");
}
