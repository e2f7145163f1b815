import * as z from "zod/mini";
import { acceptanceObjectSchema } from "./acceptanceSchema.ts";
import {
  budgetSchema,
  commandBudgetSchema,
  dailySchema,
  downgradeSchema,
  instanceBudgetSchema,
  partBudgetSchema,
  windowSchema,
} from "./budgetSchema.ts";
import { breakersSchema, breakersSettingSchema } from "./breakersSchema.ts";
import { diskSchema } from "./diskSchema.ts";
import { anyObject, count, duration, filledText, flag, nameText, objectOf, optional, text } from "./fields.ts";
import { gatewayObjectSchema, gatewaySchema, keySchema, upstreamSchema } from "./gatewaySchema.ts";
import { defaultsSchema, instanceSchema, needObjectSchema, stepSchema } from "./instanceSchema.ts";
import { retentionSchema } from "./retentionSchema.ts";
import { policyFieldsByLabel } from "../policy/policySchema.ts";
import { notifySchema, notifyTargetSchema, slackSchema, webhookSchema } from "./notifySchema.ts";
import { retryObjectSchema } from "./retrySchema.ts";
import { otlpSchema, prometheusSchema, telemetryObjectSchema, telemetrySchema } from "./telemetrySchema.ts";
import { worktreeSchema } from "./worktreeSchema.ts";

const reserveWords = "a share from 0 to below 1, such as 0.2";

/** The whole file, in the words of the file. */
export const fileSchema = objectOf("the file", {
  name: optional(nameText, "What the run is called. Without it: the file's name"),
  description: optional(text, "What the run is for"),
  workspace: optional(
    filledText,
    "The folder the agents work in, relative to this file. Without it: the folder you start in",
  ),
  concurrency: optional(
    count,
    "At most this many instances run at once. Without it: twice the processor's cores, at least 4",
  ),
  startup_delay: optional(duration, "Time between one start and the next. Without it: 0"),
  start_at: optional(filledText, "When the run begins: 2h, 1h30m, 14:30, 2am, or an ISO date with or without zone"),
  trust_workspace: optional(
    flag,
    "True: the agents also load settings, hooks and MCP servers they find in the workspace. They can run any program",
  ),
  variables: optional(anyObject, "Values for `${{ variables.NAME }}`"),
  defaults: optional(defaultsSchema, "Fields every instance has unless it says otherwise; `env` is merged by name"),
  budget: optional(budgetSchema, "Limits on what the run may spend"),
  retention: optional(
    retentionSchema,
    "Which runs of the past are removed from the runs folder when this one has ended. Without it: none",
  ),
  on_limit: optional(
    z.enum(["wait", "fail"], "one of wait, fail"),
    "Where an agent says that a usage window of its account is used up. wait: what needs that agent starts after the reset. fail: it fails. Without it: wait",
  ),
  limit_wait_max: optional(duration, "A reset that is further away than this is not waited for. Without it: 12h"),
  usage_reserve: optional(
    z.number(reserveWords).check(z.gte(0, reserveWords), z.lt(1, reserveWords)),
    "The share of each usage window that is left to people: 0.2 starts nothing more once 80 % are used, until the reset. Without it: 0",
  ),
  notify: optional(notifySchema, "Who is told when the run needs somebody, ends, or nears a budget"),
  gateway: optional(
    gatewaySchema,
    "on: agents ask their models through a gateway of this program, which holds budgets before money is spent and keeps the keys from them. Without it: off",
  ),
  telemetry: optional(
    telemetrySchema,
    "on: spans of the run go to an OpenTelemetry collector (OTLP over HTTP), without prompts and answers. Without it: off",
  ),
  breakers: optional(
    breakersSettingSchema,
    "off, or when to trip. Circuit breakers: when an attempt's requests look wrong, whatever its budget says. On the gateway's path only",
  ),
  disk: optional(diskSchema, "Bounds on what the run may take of the disk"),
  instances: z
    .array(instanceSchema, "a list of instances")
    .check(
      z.minLength(1, "a list with at least one instance"),
      z.describe("The instances, one for each piece of work"),
    ),
}).check(z.describe("A fleet of headless coding agents: what each one does, in what order, within which limits"));

export type FileFields = z.infer<typeof fileSchema>;

/** The names of the fields of each kind of object, by what a person calls it. */
export const fieldsByLabel: Readonly<Record<string, readonly string[]>> = {
  "the file": Object.keys(fileSchema.shape),
  "an instance": Object.keys(instanceSchema.shape),
  "a step of a sequence": Object.keys(stepSchema.shape),
  "the defaults": Object.keys(defaultsSchema.shape),
  "the budget": Object.keys(budgetSchema.shape),
  "a budget of an instance": Object.keys(instanceBudgetSchema.shape),
  "a budget of a command": Object.keys(commandBudgetSchema.shape),
  "a budget of each attempt or sub-agent": Object.keys(partBudgetSchema.shape),
  "a cheaper model at the limit": Object.keys(downgradeSchema.shape),
  "a daily budget": Object.keys(dailySchema.shape),
  "a budget window": Object.keys(windowSchema.shape),
  "a retry policy": Object.keys(retryObjectSchema.shape),
  "a success condition": Object.keys(acceptanceObjectSchema.shape),
  "the gateway": Object.keys(gatewayObjectSchema.shape),
  "an upstream of the gateway": Object.keys(upstreamSchema.shape),
  "a key": Object.keys(keySchema.shape),
  "the telemetry": Object.keys(telemetryObjectSchema.shape),
  "the collector": Object.keys(otlpSchema.shape),
  "the metrics": Object.keys(prometheusSchema.shape),
  "the retention": Object.keys(retentionSchema.shape),
  "a notification target": Object.keys(notifyTargetSchema.shape),
  "a webhook": Object.keys(webhookSchema.shape),
  "a Slack target": Object.keys(slackSchema.shape),
  "a worktree": Object.keys(worktreeSchema.shape),
  "the circuit breakers": Object.keys(breakersSchema.shape),
  "the bounds on disk": Object.keys(diskSchema.shape),
  "a need": Object.keys(needObjectSchema.shape),
  ...policyFieldsByLabel,
};
