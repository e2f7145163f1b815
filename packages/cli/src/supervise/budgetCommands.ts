import { formatAmount, scopeLabel, UserError } from "@claude-orchestrator/domain";
import type { BudgetLimit, RunState } from "@claude-orchestrator/domain";
import { findRun } from "@claude-orchestrator/store";
import { openRun } from "../history/openRun.ts";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { resultDocument } from "../reports/resultDocument.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { budgetTone, budgetWord, leftText, percent, reservedText, usedText } from "../views/budgetLines.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import type { Line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { askRun } from "./askRun.ts";
import { scopeOf } from "./budgetScope.ts";
import { readHistory } from "./history.ts";

export interface SetBudgetFlags {
  readonly tokens: number | undefined;
  readonly "cost-usd": number | undefined;
  readonly "runs-dir": string | undefined;
}

/** `budget set RUN [SCOPE]`: another amount while the run works, in the log before this says so. */
export async function setBudget([text = "", word]: readonly string[], flags: SetBudgetFlags, io: Io): Promise<number> {
  const wanted = amountsOf(flags);
  const found = findRun(oldRunsFolder(io, flags["runs-dir"]), text);
  const state = readHistory(found);
  if (state === undefined) throw new UserError("run-not-running", `${found.id} has not begun yet`);
  if (state.phase.status === "settled") throw settledError(state);
  const scope = scopeOf(state.plan, word);
  for (const amount of wanted) {
    const limit: BudgetLimit = { scope, ...amount, enforcement: "block" };
    io.talk.write(`${await askRun(found, { kind: "budget", limit }, io.by)}\n`);
  }
  return 0;
}

/** `budget show RUN`: each limit by the name `budget set` knows it by, with what is used of it. */
export function showBudgets(
  [text = ""]: readonly string[],
  flags: { readonly json: boolean; readonly "runs-dir": string | undefined },
  io: Io,
): Promise<number> {
  const { state, uses } = openRun(text, flags["runs-dir"], io);
  if (flags.json) {
    io.out.json(resultDocument(state, uses)["budgets"]);
    return Promise.resolve(0);
  }
  if (uses.length === 0) io.talk.write(`${state.id} has no budget\n`);
  const glyphs = glyphsFor(io.env);
  const rows = uses.map((use): Line => [
    { text: scopeLabel(use.limit.scope) },
    { text: `${usedText(use, glyphs)} of ${formatAmount(use.limit.unit, use.limit.limit)}` },
    { text: percent(use.share), tone: budgetTone(use.share) },
    { text: use.limit.enforcement },
    { text: budgetWord(use), tone: budgetTone(use.share) },
    { text: leftText(use), tone: "quiet" },
    { text: reservedText(use), tone: "quiet" },
  ]);
  const columns = [
    { title: "budget", rank: 5, shrinkTo: 8 },
    { title: "used", rank: 4 },
    { title: "", align: "right", rank: 3 },
    { title: "on exceed", rank: 2 },
    { title: "", rank: 1 },
    { title: "", rank: 1 },
    { title: "", rank: 0 },
  ] as const;
  io.out.lines(layTable(columns, rows, { width: io.out.columns, titles: true }));
  return Promise.resolve(0);
}

/** @throws UserError usage where nothing is to be set */
function amountsOf({ tokens, "cost-usd": costUsd }: SetBudgetFlags): readonly Pick<BudgetLimit, "unit" | "limit">[] {
  const amounts = [
    ...(tokens === undefined ? [] : [{ unit: "tokens", limit: tokens } as const]),
    ...(costUsd === undefined ? [] : [{ unit: "cost_usd", limit: costUsd } as const]),
  ];
  if (amounts.length === 0) {
    throw new UserError("usage", "`budget set` needs an amount", { hint: "add `--cost-usd N` or `--tokens N`" });
  }
  const wrong = amounts.find(({ limit }) => limit < 0 || !Number.isFinite(limit));
  if (wrong !== undefined) throw new UserError("usage", `a budget is an amount from 0, not ${wrong.limit}`);
  return amounts;
}

function settledError({ id, phase }: RunState): UserError {
  const outcome = phase.status === "settled" ? phase.outcome.replaceAll("_", " ") : "";
  return new UserError("run-not-running", `${id} has come to its end (${outcome}): its budgets are those of its file`, {
    hint: `write the larger amount into its file, then \`${programName} retry ${id} --failed --accept-changes\``,
  });
}
