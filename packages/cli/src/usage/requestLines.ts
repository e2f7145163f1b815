import { formatCost, formatDuration, formatTokens } from "@claude-orchestrator/domain";
import { line, wrappedLines } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { layTellingTable } from "../views/text/table.ts";
import { clockTime, counted } from "../views/words.ts";
import type { DearestRequests, DearRequest } from "./dearestRequests.ts";
import type { UsageLook } from "./usageLines.ts";

/** The dearest requests, the dearest first, and what part of all they are. */
export function requestLines({ requests, seen }: DearestRequests, { columns }: UsageLook): readonly Line[] {
  const table = layTellingTable(
    [
      { title: "cost", rank: 20, align: "right" },
      { title: "run", rank: 19 },
      { title: "instance", rank: 18, shrinkTo: 10 },
      { title: "attempt", rank: 8, align: "right" },
      { title: "by", rank: 5, shrinkTo: 8 },
      { title: "model", rank: 16, shrinkTo: 12 },
      { title: "in", rank: 11, align: "right" },
      { title: "out", rank: 14, align: "right" },
      { title: "cache read", rank: 13, align: "right" },
      { title: "cache write", rank: 9, align: "right" },
      { title: "took", rank: 6, align: "right" },
      { title: "ended", rank: 7 },
      { title: "when", rank: 15 },
    ],
    requests.map(requestCells),
    { width: columns },
  );
  const shown = requests.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const share = `${formatCost(shown)} of ${formatCost(seen.costUsd)} in ${counted(seen.requests, "request")} through the gateway`;
  const unranked = seen.unpriced === 0 ? "" : `; ${seen.unpriced} of them have no known price, and no place here`;
  return [...table, line(""), ...wrappedLines(`${share}${unranked}`, columns, { tone: "quiet" })];
}

function requestCells(request: DearRequest): Line {
  const { usage } = request;
  const tokens = (count: number): string => (count === 0 ? "-" : formatTokens(count));
  const ended = request.outcome === "answered" ? "" : request.outcome;
  return [
    { text: formatCost(request.costUsd), tone: "strong" },
    { text: request.run },
    { text: request.instance },
    { text: String(request.attempt) },
    { text: request.subAgent ?? "" },
    { text: request.model ?? "" },
    { text: tokens(usage.input) },
    { text: tokens(usage.output) },
    { text: tokens(usage.cacheRead) },
    { text: tokens(usage.cacheWrite5m + usage.cacheWrite1h) },
    { text: formatDuration(request.durationMs), tone: "quiet" },
    { text: ended, tone: "warn" },
    { text: clockTime(request.at), tone: "quiet" },
  ];
}
