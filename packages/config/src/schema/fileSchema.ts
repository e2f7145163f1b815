import * as z from "zod/mini";
import { acceptanceObjectSchema } from "./acceptanceSchema.ts";
import { budgetSchema, commandBudgetSchema, instanceBudgetSchema, windowSchema } from "./budgetSchema.ts";
import { anyObject, count, duration, filledText, flag, nameText, objectOf, optional, text } from "./fields.ts";
import { defaultsSchema, instanceSchema, needObjectSchema, stepSchema } from "./instanceSchema.ts";
import { retentionSchema } from "./retentionSchema.ts";
import { retryObjectSchema } from "./retrySchema.ts";

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
  "a budget window": Object.keys(windowSchema.shape),
  "a retry policy": Object.keys(retryObjectSchema.shape),
  "a success condition": Object.keys(acceptanceObjectSchema.shape),
  "the retention": Object.keys(retentionSchema.shape),
  "a need": Object.keys(needObjectSchema.shape),
};
