import * as z from "zod/mini";
import { anyObject, filledText, objectOf, optional, text } from "./fields.ts";

const file = "Path relative to the instance's folder. `${{ matrix.… }}` and `${{ variables.… }}` may be used";

export const acceptanceObjectSchema = objectOf("a success condition", {
  command: optional(
    z.union(
      [filledText, z.array(text, "a list of words").check(z.minLength(1, "a list with at least the program"))],
      "a script, or a list of words",
    ),
    "Must exit 0. A list of words is run without a shell, a text as a script. Nothing is filled in: values come by `env` of the instance",
  ),
  file: optional(
    filledText,
    `A file that must exist; beside \`pattern\` or \`json_schema\` the file that is looked at. ${file}`,
  ),
  pattern: optional(
    filledText,
    "A regular expression that must match the final answer, or the `file`. Nothing is filled into it",
  ),
  flags: optional(
    z.string("flags").check(z.regex(/^[imsu]{0,4}$/, "flags of a regular expression: i, m, s or u")),
    "Flags of `pattern`: i, m, s, u",
  ),
  json_schema: optional(
    anyObject,
    "A JSON Schema that the structured output, or the final answer read as JSON, or the `file`, must fit",
  ),
  workspace_changed: optional(
    z.literal(true, "true"),
    "True: something in the instance's folder must have changed while it ran, whoever changed it",
  ),
});

const acceptance = z.union(
  [z.literal("workspace_changed"), acceptanceObjectSchema],
  'a success condition: "workspace_changed", or an object with command, file, pattern or json_schema',
);

export const successWhenSchema = z.union(
  [z.literal("workspace_changed"), acceptanceObjectSchema, z.array(acceptance, "a list of success conditions")],
  'a success condition or a list of them: "workspace_changed", or objects with command, file, pattern or json_schema',
);

export type AcceptanceFields = z.infer<typeof acceptance>;
