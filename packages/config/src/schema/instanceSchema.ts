import * as z from "zod/mini";
import { successWhenSchema } from "./acceptanceSchema.ts";
import { instanceBudgetSchema } from "./budgetSchema.ts";
import {
  anyObject,
  count,
  duration,
  environmentName,
  filledText,
  flag,
  nameText,
  objectOf,
  optional,
  text,
  textOrList,
} from "./fields.ts";
import { retrySchema } from "./retrySchema.ts";
import { isolationKinds, worktreeSchema } from "./worktreeSchema.ts";

const template = "`${{ … }}` is filled in when the instance starts";
const early = "`${{ matrix.… }}` and `${{ variables.… }}` may be used";

const scalar = z.union([z.string(), z.number(), z.boolean()], "text, a number, or true or false");

export const permissionModes = ["default", "acceptEdits", "plan", "dontAsk", "auto", "bypassPermissions"] as const;

/** What an instance asks for, and `defaults` may say for all of them. */
const sharedShape = {
  agent: optional(
    filledText,
    `The agent that does the work: claude (where nothing is said), codex, gemini, opencode, or command for \`run\`. ${early}`,
  ),
  model: optional(filledText, `The model, by the agent's own name for it. ${early}`),
  fallback_model: optional(filledText, `The model taken where the first is overloaded. ${early}`),
  effort: optional(filledText, `How hard the model thinks, in the agent's own words (low, medium, high, …). ${early}`),
  system_prompt: optional(text, `Replaces the agent's system prompt. ${template}`),
  append_system_prompt: optional(text, `Added to the agent's system prompt. ${template}`),
  max_turns: optional(count, "At most this many turns of the model"),
  add_dirs: optional(textOrList, `More folders the agent may work in, relative to the workspace. ${early}`),
  mcp_config: optional(
    z.union([filledText, anyObject], "the path of a file, or an object"),
    `MCP servers: the path of a file relative to the workspace, or the object itself. In the path ${early}`,
  ),
  allowed_tools: optional(textOrList, "Tools used without asking: a list, or one text with commas"),
  disallowed_tools: optional(textOrList, "Tools never used: a list, or one text with commas"),
  permission_mode: optional(
    z.enum(permissionModes, `one of ${permissionModes.join(", ")}`),
    "What the agent may do without asking. Without it: default, which allows nothing that needs a question",
  ),
  settings: optional(
    z.union([filledText, anyObject], "the path of a file, or an object"),
    `Settings for the agent: the path of a file relative to the workspace, or the object itself. In the path ${early}`,
  ),
  json_schema: optional(
    anyObject,
    "The answer must be JSON that fits this schema; others read it as `${{ needs.NAME.json }}`",
  ),
  output_format: optional(
    z.enum(["stream-json", "json", "text"], "one of stream-json, json, text"),
    "How the agent prints. stream-json, the default, is the one that can be watched and counted while it runs",
  ),
  env: optional(
    z.record(environmentName, z.nullable(scalar), "an object of names and values"),
    `Environment variables and their values. ${template}`,
  ),
  pass_env: optional(
    z.array(environmentName, "a list of names"),
    "Names of environment variables taken over from yours where set. Nothing else of your environment reaches the agent but a short documented list",
  ),
  cwd: optional(filledText, `The folder it works in, relative to the workspace. ${early}`),
  isolation: optional(
    z.enum(isolationKinds, `one of ${isolationKinds.join(", ")}`),
    "none, the default: it works in the workspace beside all others. worktree: in a git worktree of its own, on its own branch. copy: in a copy of the workspace. Steps of a sequence, and instances of one session, share theirs",
  ),
  worktree: optional(worktreeSchema, "How its worktree is made, where `isolation` is worktree"),
  timeout: optional(duration, "Longest time of one attempt"),
  idle_timeout: optional(duration, "Longest time without any output"),
  first_event_timeout: optional(duration, "Longest time until the first output"),
  retry: optional(
    retrySchema,
    "Attempts in all, or an object: what is tried again, how often (3 attempts unless it says otherwise), with what waits. Without it: 1 attempt",
  ),
  priority: optional(
    z.int("a whole number"),
    "Higher starts first; equal ones in the order of the file. Without it: 0",
  ),
  continue_on_failure: optional(flag, "True: its failure neither skips what needs it nor fails the run"),
  success_when: optional(
    successWhenSchema,
    "What must hold at the end beside the agent's own word: a command that exits 0, a file, a pattern, a JSON Schema, a changed workspace",
  ),
  budget: optional(
    instanceBudgetSchema,
    "Limits of this instance alone; each member of a matrix or a sequence has its own",
  ),
  max_tokens_per_command: optional(count, "Older form of `budget.tokens` of the instance"),
  agent_config: optional(
    z.enum(["own", "shared"], "one of own, shared"),
    "shared, the default: the agent keeps settings and sessions where yours does. own: in a folder of the run, with your sign-in, commands and skills linked into it (claude)",
  ),
  trust_workspace: optional(
    flag,
    "True: the agent also loads settings, hooks and MCP servers it finds in the workspace. They can run any program",
  ),
};

/** What a step of a sequence may say beside. */
const workShape = {
  name: optional(
    nameText,
    "What it is called in `needs` and on the screen. Without it: the command, or the beginning of the prompt",
  ),
  description: optional(text, `What it is for. ${early}`),
  command: optional(
    filledText,
    `A slash command such as /review, with its arguments, or any prompt; wins over \`prompt\`. ${template}`,
  ),
  prompt: optional(filledText, `What the agent is asked. ${template}`),
  run: optional(
    z.union(
      [filledText, z.array(text, "a list of words").check(z.minLength(1, "a list with at least the program"))],
      "a script, or a list of words",
    ),
    "Runs a program instead of an agent. A list of words is run without a shell, each word may hold `${{ … }}`; a text is a script, to which values come by `env` only",
  ),
  session_id: optional(
    filledText,
    `Name of the session; instances with the same one continue it, one after the other along \`needs\`. ${early}`,
  ),
  clear_history: optional(flag, "True: begin the session anew where one of that name exists"),
  compact_history: optional(flag, "True: the agent first compacts the session's history"),
  pre_commands: optional(
    z.array(filledText, "a list of texts"),
    `Turns of the same session before the prompt. ${template}`,
  ),
};

const whenDescription = "success (without it), failure, always, or an expression such as needs.build.exit_code == 2";

export const needObjectSchema = objectOf("a need", {
  instance: filledText.check(z.describe("The name of the instance, matrix or sequence to wait for")),
  when: optional(filledText, `Start only then: ${whenDescription}`),
});

const need = z.union([filledText, needObjectSchema], "a name, or an object with instance and when");

const needs = optional(
  z.union([filledText, needObjectSchema, z.array(need, "a list of names")], "a list of names"),
  `What must have ended before this starts: names, or objects with \`instance\` and \`when\`. ${early}`,
);

export const stepSchema = objectOf("a step of a sequence", { ...workShape, needs, ...sharedShape });

const combination = z.record(z.string(), z.unknown(), "an object of keys and values");

const matrixSchema = z.catchall(
  z.object(
    {
      include: optional(
        z.array(combination, "a list of objects"),
        "More combinations, or more values for those that match",
      ),
      exclude: optional(
        z.array(combination, "a list of objects"),
        "Combinations left out: those that match all the values given",
      ),
    },
    "an object of keys and lists of values",
  ),
  z.array(z.unknown(), "a list of values").check(z.minLength(1, "a list with at least one value")),
);

export const instanceSchema = objectOf("an instance", {
  ...workShape,
  needs,
  matrix: optional(
    matrixSchema,
    "Makes an instance for each combination of the values: `matrix: {node: [20, 22]}`; used as `${{ matrix.node }}`",
  ),
  sequence: optional(
    z
      .array(z.union([filledText, stepSchema], "a prompt, or an object with the fields of a step"), "a list of steps")
      .check(z.minLength(1, "a list with at least one step")),
    "Steps that run one after the other, instead of a prompt: prompts, or objects with the fields of an instance. They are called NAME.1, NAME.2, …; needing NAME means the last",
  ),
  ...sharedShape,
});

export const defaultsSchema = objectOf("the defaults", sharedShape);

export type InstanceFields = z.infer<typeof instanceSchema>;
export type StepFields = z.infer<typeof stepSchema>;
export type MatrixFields = z.infer<typeof matrixSchema>;
