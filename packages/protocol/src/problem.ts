import * as z from "zod";

/** The content type of every answer that is no success (RFC 9457). */
export const problemType = "application/problem+json";

/** One place of a file that keeps it from running. Lines and columns count from 1. */
export const fileProblem = z.object({
  line: z.int(),
  column: z.int(),
  message: z.string(),
  excerpt: z.string().describe("The line of the file, and a caret under the place"),
  hint: z.string().optional().describe("What to do, one sentence"),
});

export type FileProblem = z.infer<typeof fileProblem>;

/** Why something was not done: what happened, and what to do next. */
export const problem = z.object({
  type: z.string().describe("`about:blank`: the code tells problems apart"),
  title: z.string().describe("The status in words"),
  status: z.int().describe("The HTTP status"),
  code: z
    .string()
    .describe(
      "From a closed list, so that a script can tell problems apart; a person's mistakes have the codes of the command line",
    ),
  detail: z.string().optional().describe("One sentence: what happened"),
  hint: z.string().optional().describe("What to do next, one sentence"),
  problems: z.array(fileProblem).optional().describe("Everything that is wrong in a file, at once"),
});

export type Problem = z.infer<typeof problem>;
