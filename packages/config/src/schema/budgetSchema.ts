import * as z from "zod/mini";
import { count, dollars, duration, filledText, flag, objectOf, optional, text } from "./fields.ts";

const tokens = "At most this many tokens, of every kind";
const costUsd = "At most this many US dollars";

export const exceedWords = ["warn", "block", "pause"] as const;

const downgradeSchema = objectOf("a cheaper model at the limit", {
  downgrade: filledText.check(z.describe("The model to go on with")),
});

const onExceed = optional(
  z.union(
    [z.enum(exceedWords, "one of warn, block, pause"), downgradeSchema],
    "one of warn, block, pause, or an object with `downgrade`",
  ),
  "What happens at the limit. warn: it is said. block: what would spend more is stopped, the rest is refused. pause: new starts wait until a window frees. { downgrade: MODEL }: from 80 % on, and where a request has no room, what it covers goes on with that model, once; then as block. Without it: block, and warn where only the older fields are used",
);

const amounts = { tokens: optional(count, tokens), cost_usd: optional(dollars, costUsd) };

const partBudgetSchema = objectOf("a budget of each attempt or sub-agent", amounts);

export const instanceBudgetSchema = objectOf("a budget of an instance", {
  ...amounts,
  attempt: optional(partBudgetSchema, "Limits of each attempt by itself: a retry has as much again"),
  sub_agent: optional(
    partBudgetSchema,
    "Limits of each sub-agent of an attempt by itself: one that has spent them is refused, and the agent goes on. Holds on the gateway's path only, which alone tells them apart",
  ),
  on_exceed: onExceed,
});

const commandBudgetSchema = objectOf("a budget of a command", amounts);

const windowSchema = objectOf("a budget window", {
  duration: duration.check(z.describe("How far back the window reaches, such as 1h or 1d")),
  ...amounts,
});

const dailySchema = objectOf("a daily budget", {
  ...amounts,
  zone: optional(text, "Whose midnight counts, as IANA names it, such as Europe/Rome. Without it: this machine's"),
});

export const budgetSchema = objectOf("the budget", {
  tokens: optional(count, `${tokens}, for the whole run`),
  cost_usd: optional(dollars, `${costUsd}, for the whole run`),
  on_exceed: onExceed,
  admission: optional(
    z.enum(["p90"], "p90"),
    "p90: an instance that blocking or pausing budgets have no room for, by the p90 of what it was forecast to take, does not start. Without it: it starts while anything is left",
  ),
  daily: optional(
    dailySchema,
    "Limits on what all your runs on this machine spend on one calendar day, this one among them",
  ),
  machine: optional(
    z.array(windowSchema, "a list of windows"),
    "Limits on what all your runs on this machine spend in any stretch of time this long",
  ),
  windows: optional(
    z.array(windowSchema, "a list of windows"),
    "Limits on what is spent in any stretch of time this long",
  ),
  commands: optional(
    z.record(z.string(), commandBudgetSchema, "an object of commands and their budgets"),
    "Limits by command: all instances that run `/review …` together count under `/review`",
  ),
  overall_budget: optional(count, "Older form of `tokens`"),
  overall_cost_budget: optional(dollars, "Older form of `cost_usd`. Both limits hold at once, each in its own unit"),
  budget_type: optional(
    z.enum(["tokens", "cost", "mixed"], "one of tokens, cost, mixed"),
    "Of the older format; needs no setting here: every limit holds in the unit it is written in",
  ),
  enforcement_mode: optional(z.enum(exceedWords, "one of warn, block, pause"), "Older form of `on_exceed`"),
  command_budgets: optional(
    z.record(z.string(), count, "an object of commands and tokens"),
    "Older form of `commands`, in tokens",
  ),
  command_cost_budgets: optional(
    z.record(z.string(), dollars, "an object of commands and dollars"),
    "Older form of `commands`, in US dollars",
  ),
  disable_visuals: optional(flag, "True: no budget bars on the screen"),
});

/** The budget's fields that the older program knew. */
export const olderBudgetFields: readonly string[] = [
  "overall_budget",
  "overall_cost_budget",
  "budget_type",
  "enforcement_mode",
  "command_budgets",
  "command_cost_budgets",
  "disable_visuals",
];

export type BudgetFields = z.infer<typeof budgetSchema>;

export { commandBudgetSchema, dailySchema, downgradeSchema, partBudgetSchema, windowSchema };
