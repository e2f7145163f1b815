/**
 * What git is told so that nothing a repository says makes it run a program. An agent can write a repository's settings, so they
 * are never believed: what could run something is set here, and a setting of the command line wins over those of all files.
 */

/** One line of `git config --list --show-scope`. */
export interface ConfigEntry {
  readonly scope: string;
  /** Section and last part in lower case, as git prints it; what is between them as written. */
  readonly key: string;
  readonly value: string;
}

export type ConfigPair = readonly [key: string, value: string];

const nullDevice = process.platform === "win32" ? "NUL" : "/dev/null";

const always: readonly ConfigPair[] = [
  ["core.hooksPath", nullDevice],
  ["core.fsmonitor", "false"],
  ["core.untrackedCache", "false"],
  ["core.sshCommand", "false"],
  ["core.gitProxy", ""],
  ["core.alternateRefsCommand", "false"],
  ["core.pager", "cat"],
  ["core.quotePath", "false"],
  // Read on Windows only, where a worktree lies deeper than the repository it is of.
  ["core.longpaths", "true"],
  ["credential.helper", ""],
  ["diff.external", ""],
  ["protocol.allow", "never"],
  ["protocol.ext.allow", "never"],
  ["safe.bareRepository", "explicit"],
  ["submodule.recurse", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["commit.gpgSign", "false"],
  ["tag.gpgSign", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["merge.autoStash", "false"],
  ["rerere.enabled", "false"],
  ["log.showSignature", "false"],
  ["color.ui", "false"],
  ["advice.detachedHead", "false"],
];

/** Of the person's own settings, those that change what files hold or who made a commit, and can run nothing. */
const taken = new Set(["core.autocrlf", "core.eol", "core.excludesfile", "core.precomposeunicode", "safe.directory"]);

/** git's own merge of texts, under the name of whatever driver a repository asks for. */
const plainMerge = "git merge-file --marker-size=%L %A %O %B";

/** All that git is told beside its words, for a repository with these settings. */
export function neutralConfig(entries: readonly ConfigEntry[]): readonly ConfigPair[] {
  const own = entries.filter(({ scope }) => scope === "global" || scope === "system");
  const lfs = largeFiles(entries, own);
  const unwanted = namesOf(entries, "filter").filter((name) => name !== "lfs" || lfs.length === 0);
  return [
    ...own.filter(({ key }) => taken.has(key)).map(({ key, value }): ConfigPair => [key, value]),
    ...always,
    ...identity(entries, own),
    ...unwanted.flatMap(noFilter),
    ...lfs,
    ...namesOf(entries, "merge").map((name): ConfigPair => [`merge.${name}.driver`, plainMerge]),
    ...namesOf(entries, "submodule").map((name): ConfigPair => [`submodule.${name}.update`, "checkout"]),
  ];
}

/** `a.b` of `filter.a.b.clean`. */
function namesOf(entries: readonly ConfigEntry[], section: string): readonly string[] {
  const found = entries.flatMap(({ key }) => {
    const last = key.lastIndexOf(".");
    return key.startsWith(`${section}.`) && last > section.length ? [key.slice(section.length + 1, last)] : [];
  });
  return [...new Set(found)];
}

/** An empty command is none: the file is taken as it is. */
function noFilter(name: string): readonly ConfigPair[] {
  return [
    [`filter.${name}.clean`, ""],
    [`filter.${name}.smudge`, ""],
    [`filter.${name}.process`, ""],
    [`filter.${name}.required`, "false"],
  ];
}

/**
 * The one filter that is run is Git LFS, where the person has set it up for themselves: by our words, not the repository's, and
 * never downloading. A repository that hangs a program of its own into it (`lfs.extension`) gets none.
 */
function largeFiles(entries: readonly ConfigEntry[], own: readonly ConfigEntry[]): readonly ConfigPair[] {
  const isSetUp = own.some(({ key }) => key === "filter.lfs.clean" || key === "filter.lfs.process");
  if (!isSetUp || entries.some(({ key }) => key.startsWith("lfs.extension."))) return [];
  // Where a process is named, even an empty one, git asks for nothing else: it is named only where the repository has done so.
  const isProcess = entries.some((entry) => entry.key === "filter.lfs.process" && !own.includes(entry));
  return [
    ...(isProcess ? [["filter.lfs.process", "git-lfs filter-process --skip"] as const] : []),
    ["filter.lfs.clean", "git-lfs clean -- %f"],
    ["filter.lfs.smudge", "git-lfs smudge --skip -- %f"],
    ["filter.lfs.required", "true"],
  ];
}

/** Commits need an author: the repository's, else the person's, else ours. */
function identity(entries: readonly ConfigEntry[], own: readonly ConfigEntry[]): readonly ConfigPair[] {
  const last = (key: string): string | undefined =>
    entries.findLast((entry) => entry.key === key && (entry.scope === "local" || entry.scope === "worktree"))?.value ??
    own.findLast((entry) => entry.key === key)?.value;
  return [
    ["user.name", last("user.name") ?? "claude-orchestrator"],
    ["user.email", last("user.email") ?? "claude-orchestrator@localhost"],
  ];
}
