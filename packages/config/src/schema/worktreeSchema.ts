import * as z from "zod/mini";
import { filledText, flag, objectOf, optional, text } from "./fields.ts";

const folderWords = "a folder inside the repository, such as node_modules or packages/web/node_modules";

/**
 * Relative, downwards, and never git's own: it will be replaced by a link in a folder that an agent works in. No wildcard, so that
 * what is linked can be read from the file.
 */
const linkedFolder = z
  .string(folderWords)
  .check(
    z.regex(
      /^(?=.{1,400}$)(?![A-Za-z]:)(?:(?!(?:\.{1,2}|\.git|\.orchestrator)(?:\/|$))[^/\\*?\u0000-\u001f\u007f]+(?:\/|$))+$/iu,
      folderWords,
    ),
  );

export const worktreeSchema = objectOf("a worktree", {
  base: optional(
    filledText,
    "The branch, tag or commit it begins from. Without it: HEAD, as it is when the run begins. `${{ matrix.… }}` and `${{ variables.… }}` may be used",
  ),
  link: optional(
    z.array(linkedFolder, "a list of folders"),
    "Folders of the repository that are linked into the worktree instead of made anew, such as node_modules. Only what git ignores",
  ),
  setup: optional(
    z.union(
      [filledText, z.array(text, "a list of words").check(z.minLength(1, "a list with at least the program"))],
      "a script, or a list of words",
    ),
    "Runs in the new worktree before the first attempt, for at most 10 minutes: a list of words without a shell, or a script",
  ),
  submodules: optional(flag, "True: submodules are checked out too, from the copies the repository has of them"),
});

export type WorktreeFields = z.infer<typeof worktreeSchema>;

export const isolationKinds = ["none", "worktree", "copy"] as const;
