import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Artifact } from "./artifact.ts";

/** All a form may know of the release it is a part of: what is in here decides every byte of its artifacts. */
export interface ReleaseContext {
  readonly version: string;
  /** The whole hash; "unknown" outside a clone. */
  readonly commit: string;
  /** The one time there is in artifacts, in seconds since 1970. */
  readonly sourceDateEpoch: number;
  /** The clone. */
  readonly root: string;
  /** What `npm run build` made: `cli.mjs`, `library.mjs`, their chunks, the page in `web/`, `meta.json`. */
  readonly bundle: string;
  /** Where artifacts go. Exists. */
  readonly output: string;
  /** What the forms before this one made, now or in an earlier part of the same release: a wheel carries an executable. */
  readonly made: readonly Artifact[];
  /** For the person who watches; no part of any artifact. */
  readonly say: (line: string) => void;
}

/** What has to be told; the rest is read from the clone. */
export interface ReleasePlace {
  readonly root: string;
  readonly bundle: string;
  readonly output: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
}

/**
 * Reads what the release is of. Makes the output folder.
 *
 * @throws UserError where nothing is built, where there is no time to put into artifacts, or where the output folder cannot be
 */
export function makeReleaseContext(place: ReleasePlace): ReleaseContext {
  const { root, bundle, output, env, say } = place;
  if (!existsSync(path.join(bundle, "cli.mjs"))) {
    throw new UserError("usage", `There is no program in ${bundle}`, { hint: "`npm run build` makes it" });
  }
  const git = (...words: readonly string[]): string => spawnSync("git", words, { cwd: root, encoding: "utf8" }).stdout;
  const sourceDateEpoch = readEpoch(env["SOURCE_DATE_EPOCH"], git("log", "-1", "--format=%ct"));
  makeFolder(output);
  const commit = git("rev-parse", "HEAD").trim();
  return {
    version: versionOf(path.join(root, "package.json")),
    commit: commit === "" ? "unknown" : commit,
    sourceDateEpoch,
    root,
    bundle,
    output,
    made: [],
    say,
  };
}

function readEpoch(asked: string | undefined, ofCommit: string): number {
  const text = (asked === undefined || asked === "" ? ofCommit : asked).trim();
  if (/^\d{1,11}$/.test(text)) return Number(text);
  throw new UserError(
    "usage",
    text === ""
      ? "There is no commit to take the time of this release from"
      : `SOURCE_DATE_EPOCH is \`${text}\`, which is no whole number of seconds since 1970`,
    { hint: "set SOURCE_DATE_EPOCH, such as `SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`" },
  );
}

function versionOf(file: string): string {
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    if (typeof manifest.version === "string") return manifest.version;
  }
  throw new Error(`${file} has no version`);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new UserError("file-not-readable", `${folder} is no folder and cannot be made one`, {
      hint: "name another with `--output FOLDER`",
      cause,
    });
  }
}
