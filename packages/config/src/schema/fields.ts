import { bytesPattern, durationPattern } from "@claude-orchestrator/domain";
import * as z from "zod/mini";

/**
 * The building blocks of the schema. The message of each one is a noun phrase that completes "`path` must be …", so that
 * every sentence about a wrong value is made in one place (check/schemaProblems.ts).
 */
export const text = z.string("text");
export const filledText = z.string("text").check(z.regex(/\S/, "text that is not empty"));
export const flag = z.boolean("true or false");
export const count = z.int("a whole number of 1 or more").check(z.gte(1, "a whole number of 1 or more"));
export const dollars = z.number("an amount of dollars above 0").check(z.gt(0, "an amount of dollars above 0"));
export const anyObject = z.record(z.string(), z.unknown(), "an object");

const durationWords = 'a duration such as 90 (seconds), "90s", "1h30m" or "500ms"';

export const duration = z.union(
  [
    z.number(durationWords).check(z.gte(0, durationWords)),
    z.string(durationWords).check(z.regex(new RegExp(durationPattern), durationWords)),
  ],
  durationWords,
);

/** One name, as instances and steps have it: up to 200 characters (code points) of one line, nothing that turns it round. */
export const nameText = z
  .string("a name")
  .check(
    z.regex(
      /^(?=.*\S)[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]{1,200}$/u,
      "a name of 1 to 200 characters, on one line and without control characters",
    ),
  );

const bytesWords = 'an amount of disk above 0, such as 500000000 (bytes), "500MB", "2GB" or "1.5GiB"';

export const bytes = z.union(
  [
    z.int(bytesWords).check(z.gte(1, bytesWords)),
    z.string(bytesWords).check(z.regex(new RegExp(bytesPattern), bytesWords)),
  ],
  bytesWords,
);

export const environmentName = z
  .string("the name of an environment variable")
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable (letters, digits and _)"));

/** Several texts, or a single one. */
export const textOrList = z.union([text, z.array(text)], "text or a list of texts");

/** A field that may be left out or written empty (the older program's files hold `"session_id": null`). */
export function optional<Schema extends z.core.$ZodType>(schema: Schema, description: string) {
  return z.optional(z.nullable(schema)).check(z.describe(description));
}

/** An object with exactly these fields. `label` is what a person calls it: "an instance". */
export function objectOf<Shape extends z.core.$ZodShape>(label: string, shape: Shape) {
  return z.strictObject(shape, label);
}
