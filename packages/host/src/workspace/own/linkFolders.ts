import { appendFileSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { realPathInside } from "../../insideFolder.ts";
import type { Git, GitPlace } from "../git/git.ts";
import type { OwnWorktree } from "./ownFolder.ts";

/**
 * Links folders of the repository (node_modules) into a worktree, so that they need not be made anew. Only what git ignores in
 * the repository: the link is then ignored too, and neither gets into a commit. Gives a sentence where one cannot be linked.
 */
export async function linkFolders(git: Git, worktree: OwnWorktree, place: GitPlace): Promise<string | undefined> {
  for (const folder of worktree.isolation.link) {
    const problem = (await linkOne(git, worktree, folder)) ?? (await ignoreLink(git, worktree, place, folder));
    if (problem !== undefined) return `\`${folder}\` (worktree.link) cannot be linked: ${problem}`;
  }
  return undefined;
}

async function linkOne(git: Git, { repository, path }: OwnWorktree, folder: string): Promise<string | undefined> {
  const { root } = repository;
  const source = join(root, folder);
  const target = join(path, folder);
  if (isLinkTo(target, source)) return undefined;
  if (realPathInside(root, source) === undefined || !lstatSync(source).isDirectory()) {
    return `there is no such folder in ${root}; make it there first`;
  }
  if (!(await isIgnored(git, { folder: root }, folder)))
    return "git does not ignore it; only what is in no commit can be shared";
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) return "it is in the worktree already";
  mkdirSync(dirname(target), { recursive: true });
  if (realPathInside(path, dirname(target)) === undefined) return "a link in the worktree leads out of it";
  symlinkSync(source, target, "junction");
  return undefined;
}

function isLinkTo(target: string, source: string): boolean {
  return lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(target) === source;
}

/**
 * A rule such as `node_modules/` speaks of folders, and a link is none: it is then named in the repository's own list, which is
 * in no commit either. The list is for all worktrees; since what is linked is ignored anyway, nothing else is hidden by it.
 */
async function ignoreLink(
  git: Git,
  { repository }: OwnWorktree,
  place: GitPlace,
  folder: string,
): Promise<string | undefined> {
  if (await isIgnored(git, place, folder)) return undefined;
  const list = join(repository.commonDir, "info", "exclude");
  if (lstatSync(list, { throwIfNoEntry: false })?.isSymbolicLink() === true) return `${list} is a link`;
  mkdirSync(dirname(list), { recursive: true });
  const before = lstatSync(list, { throwIfNoEntry: false }) === undefined ? "" : readFileSync(list, "utf8");
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  appendFileSync(list, `${gap}/${folder.replaceAll(/[[\]]|\s$/g, String.raw`\$&`)}\n`);
  return (await isIgnored(git, place, folder)) ? undefined : "git would not ignore the link";
}

async function isIgnored(git: Git, place: GitPlace, folder: string): Promise<boolean> {
  // This one of git's commands refuses to be told that paths are plain: the `./` says so instead.
  const answer = await git(place, ["check-ignore", "--quiet", "--", `./${folder}`], {
    env: { GIT_LITERAL_PATHSPECS: "0" },
  });
  return answer.ok;
}
