import * as z from "zod/mini";
import { duration, objectOf, optional } from "./fields.ts";

export const retryCauses = [
  "rate_limit",
  "usage_limit",
  "overload",
  "connection",
  "crash",
  "timeout",
  "incomplete",
  "acceptance",
] as const;

const causeWords = `one of ${retryCauses.join(", ")}`;
const cause = z.enum(retryCauses, causeWords);
const attemptWords = "a whole number of attempts from 1 to 100";
const attempts = z.int(attemptWords).check(z.gte(1, attemptWords), z.lte(100, attemptWords));

export const retryObjectSchema = objectOf("a retry policy", {
  attempts: optional(attempts, "Attempts in all, the first included. Without it: 3"),
  delay: optional(duration, "Wait before the second attempt. Without it: 5s"),
  backoff: optional(
    z.number("a factor of 1 or more").check(z.gte(1, "a factor of 1 or more"), z.lte(100, "a factor of at most 100")),
    "Each wait is the one before times this. Without it: 2",
  ),
  max_delay: optional(duration, "No wait is longer than this. Without it: 5m"),
  on: optional(
    z.union([cause, z.array(cause, "a list of causes")], "a list of causes"),
    `What is tried again: ${retryCauses.join(", ")}. Without it: rate_limit, overload, connection, crash`,
  ),
});

export const retrySchema = z.union([attempts, retryObjectSchema], "a number of attempts, or a retry policy");
