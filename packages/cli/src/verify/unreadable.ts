import { UserError } from "@claude-orchestrator/domain";

type Saying = (shown: string) => { readonly message: string; readonly hint: string };

const absent: Saying = (shown) => ({
  message: `There is no file or folder \`${shown}\``,
  hint: "name a file that came with its signature or its SHA256SUMS, or the folder of a release",
});
const forbidden: Saying = (shown) => ({
  message: `\`${shown}\` cannot be read: you have no right to`,
  hint: "verify as a user who may read it, or have the right given to you",
});
const sayings: ReadonlyMap<unknown, Saying> = new Map([
  ["ENOENT", absent],
  ["ENOTDIR", absent],
  ["EACCES", forbidden],
  ["EPERM", forbidden],
  [
    "ELOOP",
    (shown) => ({
      message: `\`${shown}\` cannot be read: it is a link that leads to a link without end`,
      hint: "name the file or the folder itself",
    }),
  ],
]);

/** What a person named, as they wrote it and where that is. */
export interface NamedPath {
  readonly word: string;
  readonly path: string;
}

/** The system's error of reading what a person named, or something in it, in a person's words. */
export function unreadable({ word, path }: NamedPath, error: unknown): UserError {
  const { code, path: at } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException;
  const saying = sayings.get(code)?.(at === undefined || at === path ? word : at);
  if (saying !== undefined) {
    return new UserError("file-not-readable", saying.message, { hint: saying.hint, cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new UserError("file-not-readable", `\`${word}\` cannot be read: ${why}`, {
    hint: "name a file, or the folder of a release",
    cause: error,
  });
}
