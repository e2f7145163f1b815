import type { Git, GitOptions, GitPlace } from "../git/git.ts";
import { isObjectId, resolveCommit } from "../git/repository.ts";
import { withRepositoryLock } from "../git/repositoryLock.ts";
import type { RecordedWorktree } from "./removeWorktree.ts";
import { placeAt } from "./removeWorktree.ts";
import { treeOf, withScratchIndex } from "./scratchIndex.ts";

/** Instances' branches that are to land in a branch of their repository, one after the other. */
export interface LandingRequest {
  readonly git: Git;
  readonly run: string;
  readonly root: string;
  readonly commonDir: string;
  /** A branch's short name; undefined: the one checked out in `root`. */
  readonly into: string | undefined;
  /** In this order. */
  readonly worktrees: readonly RecordedWorktree[];
  readonly dryRun: boolean;
  /** True: a conflict is left in the work tree for the person to solve, with what came before it landed. */
  readonly keepConflict: boolean;
}

export type LandingStep =
  | { readonly instance: string; readonly is: "nothing" }
  | { readonly instance: string; readonly is: "fast-forward" | "merge"; readonly uncommitted: boolean };

export interface LandingConflict {
  readonly instance: string;
  /** With those that touched the file before: instances of this landing, or the branch itself. */
  readonly files: readonly { readonly path: string; readonly others: readonly string[] }[];
}

interface Refusal {
  readonly problem: string;
  readonly hint?: string;
}

export type Landing =
  | Refusal
  | {
      readonly into: string;
      readonly before: string;
      readonly after: string;
      readonly steps: readonly LandingStep[];
      readonly conflict?: LandingConflict;
    };

interface Target {
  readonly into: string;
  readonly tip: string;
  /** True: it is what `root` has checked out. */
  readonly isCheckedOut: boolean;
}

interface Scene {
  readonly request: LandingRequest;
  readonly target: Target;
  /** Where new objects go: nowhere in a rehearsal. */
  readonly options: GitOptions;
  readonly isRehearsal: boolean;
}

/**
 * Lands the branches, or says what stands in the way. It is rehearsed first, in objects that are thrown away: so a conflict, like a
 * dry run, leaves the repository exactly as it was. Only where all of them land is anything done.
 */
export async function land(request: LandingRequest): Promise<Landing> {
  return withRepositoryLock(request.commonDir, async () => {
    const target = await findTarget(request);
    if ("problem" in target) return target;
    const rehearsal = await withScratchIndex(request.commonDir, ({ env }) => {
      const { GIT_INDEX_FILE: _, ...objects } = env;
      return landAll({ request, target, options: { env: objects }, isRehearsal: true });
    });
    if ("problem" in rehearsal || request.dryRun) return rehearsal;
    if (rehearsal.conflict !== undefined && !request.keepConflict) return rehearsal;
    return landForGood(request, target, rehearsal.conflict);
  });
}

async function landForGood(
  request: LandingRequest,
  target: Target,
  expected: LandingConflict | undefined,
): Promise<Landing> {
  const worktrees = upTo(request.worktrees, expected?.instance);
  const done = await landAll({ request: { ...request, worktrees }, target, options: {}, isRehearsal: false });
  if ("problem" in done) return done;
  // A worktree may have been written to since the rehearsal.
  if (done.conflict !== undefined && !request.keepConflict) return done;
  const moved = await moveTarget(request, target, done.after);
  if (moved !== undefined) return moved;
  const conflict = done.conflict ?? expected;
  return conflict === undefined ? done : leaveConflict(request, done, conflict);
}

function upTo(worktrees: readonly RecordedWorktree[], instance: string | undefined): readonly RecordedWorktree[] {
  const end = worktrees.findIndex(({ record }) => record.instance === instance);
  return end === -1 ? worktrees : worktrees.slice(0, end);
}

async function findTarget({ git, root, into, keepConflict }: LandingRequest): Promise<Target | Refusal> {
  const place: GitPlace = { folder: root };
  const current = await git(place, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  const checkedOut = current.ok ? current.stdout.trim() : undefined;
  const name = into ?? checkedOut;
  if (name === undefined)
    return { problem: `\`${root}\` is on no branch`, hint: "check one out, or name it with `--into`" };
  const tip = await resolveCommit(git, place, `refs/heads/${name}`);
  if (tip === undefined)
    return {
      problem: `\`${root}\` has no branch \`${name}\``,
      hint: `name one that is there, or make it first: \`git branch ${name}\``,
    };
  const isCheckedOut = name === checkedOut;
  if (!isCheckedOut && keepConflict) {
    return {
      problem: `a conflict can be kept only in the branch that is checked out`,
      hint: `check \`${name}\` out first`,
    };
  }
  if (!isCheckedOut) {
    const listed = await git(place, ["worktree", "list", "--porcelain", "-z"]);
    const isElsewhere = listed.stdout.split("\0").includes(`branch refs/heads/${name}`);
    return isElsewhere
      ? { problem: `\`${name}\` is checked out in another worktree` }
      : { into: name, tip, isCheckedOut };
  }
  const status = await git(place, ["status", "--porcelain=v1", "-z", "--untracked-files=no"]);
  if (status.ok && status.stdout === "") return { into: name, tip, isCheckedOut };
  const why = status.ok ? "it has changes that are not committed" : status.sentence;
  return { problem: `nothing can land in \`${root}\`: ${why}`, hint: "commit or stash them first" };
}

async function landAll(scene: Scene): Promise<Landing> {
  const { request, target } = scene;
  const steps: LandingStep[] = [];
  const touched = new Map<string, string[]>();
  let tip = target.tip;
  for (const worktree of request.worktrees) {
    const { instance, base } = worktree.record;
    const tree = await headOf(scene, worktree);
    if ("problem" in tree) return tree;
    const answer = await landOne(scene, worktree, { onto: tip, head: tree.head });
    if ("problem" in answer) return answer;
    const end = { into: target.into, before: target.tip, after: tip, steps };
    if ("conflicts" in answer)
      return { ...end, conflict: conflictOf(instance, answer.conflicts, touched, target.into) };
    tip = answer.tip;
    steps.push(
      answer.is === "nothing"
        ? { instance, is: "nothing" }
        : { instance, is: answer.is, uncommitted: tree.uncommitted },
    );
    for (const file of await filesBetween(scene, base, tree.head))
      touched.set(file, [...(touched.get(file) ?? []), instance]);
  }
  return { into: target.into, before: target.tip, after: tip, steps };
}

/** What an instance has to land: its branch, with what it left uncommitted as one more commit. */
async function headOf(
  { request, options, isRehearsal }: Scene,
  worktree: RecordedWorktree,
): Promise<{ readonly head: string; readonly uncommitted: boolean } | { readonly problem: string }> {
  const { git, root } = request;
  const { instance, branch, run } = worktree.record;
  const place = placeAt(worktree);
  const tip = await resolveCommit(git, { folder: root }, `refs/heads/${branch}`);
  if (place === undefined) {
    return tip === undefined
      ? { problem: `\`${instance}\` has nothing to land: neither its worktree nor its branch \`${branch}\` is there` }
      : { head: tip, uncommitted: false };
  }
  const head = await resolveCommit(git, place, "HEAD");
  if (head === undefined) return { problem: `the worktree of \`${instance}\` has nothing checked out` };
  const apart = tip === undefined ? false : !(await isAncestor({ git, place, options }, tip, head));
  if (apart)
    return {
      problem: `the worktree of \`${instance}\` is on something else than its branch \`${branch}\`, and not beyond it`,
    };
  const status = await git(place, ["status", "--porcelain=v1", "-z", "--untracked-files=all"]);
  if (!status.ok) return { problem: `what \`${instance}\` left cannot be told: ${status.sentence}` };
  if (status.stdout === "") return { head, uncommitted: false };
  const inner = await innerRepository(git, place);
  if (inner !== undefined) {
    return {
      problem: `\`${instance}\` left a repository of its own in \`${inner}\`, which cannot be committed: look at it first`,
    };
  }
  const message = `${oneLine(instance)}: what it left uncommitted\n\nRun: ${run}`;
  if (!isRehearsal) return commitAll(git, place, message);
  const tree = await withScratchIndex(place.known.commonDir, (scratch) => {
    const env = { ...scratch.env, ...options.env };
    return treeOf(git, place, { ...scratch, env }, true);
  });
  if (tree === undefined) return { problem: `what \`${instance}\` left cannot be read` };
  const commit = await git(place, ["commit-tree", tree, "-p", head, "-m", message], options);
  return isObjectId(commit.stdout.trim())
    ? { head: commit.stdout.trim(), uncommitted: true }
    : { problem: `what \`${instance}\` left cannot be committed: ${commit.sentence}` };
}

async function commitAll(git: Git, place: GitPlace, message: string) {
  const added = await git(place, ["add", "--all"]);
  const committed = added.ok ? await git(place, ["commit", "--quiet", "--no-verify", "--message", message]) : added;
  const head = await resolveCommit(git, place, "HEAD");
  return committed.ok && head !== undefined
    ? { head, uncommitted: true }
    : { problem: `what was left uncommitted in \`${place.folder}\` cannot be committed: ${committed.sentence}` };
}

async function innerRepository(git: Git, place: GitPlace): Promise<string | undefined> {
  const { stdout } = await git(place, ["ls-files", "-z", "--others", "--exclude-standard"]);
  // Of a folder that is a repository git lists the folder alone.
  return stdout
    .split("\0")
    .find((name) => name.endsWith("/"))
    ?.slice(0, -1);
}

type Landed =
  | { readonly is: "nothing" | "fast-forward" | "merge"; readonly tip: string }
  | { readonly conflicts: readonly string[] }
  | { readonly problem: string };

async function landOne(
  { request, options }: Scene,
  { record }: RecordedWorktree,
  { onto, head }: { readonly onto: string; readonly head: string },
): Promise<Landed> {
  const { git, root, run } = request;
  const place: GitPlace = { folder: root };
  const asking = { git, place, options };
  if (await isAncestor(asking, head, onto)) return { is: "nothing", tip: onto };
  if (await isAncestor(asking, onto, head)) return { is: "fast-forward", tip: head };
  const words = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", onto, head];
  const merged = await git(place, words, options);
  const [tree = "", ...conflicts] = merged.stdout.split("\0").filter((part) => part !== "");
  if (merged.code === 1 && isObjectId(tree)) return { conflicts: [...new Set(conflicts)] };
  if (!merged.ok) return { problem: `\`${record.instance}\` cannot be merged: ${merged.sentence}` };
  const message = `Merge ${oneLine(record.instance)}\n\nRun: ${run}`;
  const commit = await git(place, ["commit-tree", tree, "-p", onto, "-p", head, "-m", message], options);
  const tip = commit.stdout.trim();
  return isObjectId(tip) ? { is: "merge", tip } : { problem: `the merge cannot be committed: ${commit.sentence}` };
}

interface Asking {
  readonly git: Git;
  readonly place: GitPlace;
  readonly options: GitOptions;
}

async function isAncestor({ git, place, options }: Asking, older: string, newer: string): Promise<boolean> {
  return (await git(place, ["merge-base", "--is-ancestor", older, newer], options)).code === 0;
}

async function filesBetween({ request, options }: Scene, base: string, head: string): Promise<readonly string[]> {
  const words = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", base, head];
  const { stdout } = await request.git({ folder: request.root }, words, options);
  return stdout.split("\0").filter((name) => name !== "");
}

function conflictOf(
  instance: string,
  files: readonly string[],
  touched: ReadonlyMap<string, readonly string[]>,
  into: string,
): LandingConflict {
  return { instance, files: files.map((path) => ({ path, others: touched.get(path) ?? [`the branch ${into}`] })) };
}

/** The files of the work tree with it, where it is checked out; git refuses where a file that is not tracked would be overwritten. */
async function moveTarget({ git, root }: LandingRequest, target: Target, to: string): Promise<Refusal | undefined> {
  if (to === target.tip) return undefined;
  const place: GitPlace = { folder: root };
  const words = target.isCheckedOut
    ? ["merge", "--quiet", "--ff-only", "--no-verify", to]
    : ["update-ref", "-m", "merge", `refs/heads/${target.into}`, to, target.tip];
  const moved = await git(place, words, { timeoutMs: 600_000 });
  if (moved.ok) return undefined;
  const problem = `\`${target.into}\` could not be moved, and is as it was: ${moved.sentence}`;
  return /untracked/.test(moved.sentence)
    ? { problem, hint: `move or remove what is in the way in \`${root}\`` }
    : { problem };
}

async function leaveConflict(request: LandingRequest, done: Landing, conflict: LandingConflict): Promise<Landing> {
  if ("problem" in done) return done;
  const worktree = request.worktrees.find(({ record }) => record.instance === conflict.instance);
  const scene = {
    request,
    target: { into: done.into, tip: done.before, isCheckedOut: true },
    options: {},
    isRehearsal: false,
  };
  const head = worktree === undefined ? undefined : await headOf(scene, worktree);
  if (head === undefined || "problem" in head) return head ?? { ...done, conflict };
  const message = `Merge ${oneLine(conflict.instance)}\n\nRun: ${request.run}`;
  await request.git({ folder: request.root }, ["merge", "--quiet", "--no-ff", "--no-verify", "-m", message, head.head]);
  return { ...done, conflict };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, " ");
}
