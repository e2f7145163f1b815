import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import type { InstancePlan, Plan, RunState } from "@claude-orchestrator/domain";
import type { Git } from "../git/git.ts";
import { findRepository, resolveCommit, type Repository } from "../git/repository.ts";
import { nameForFolder, ownFoldersRoot, safeName, type OwnFolder } from "./ownFolder.ts";

export interface AssignRequest {
  readonly plan: Plan;
  readonly run: string;
  /** The run's. */
  readonly directory: string;
  /** Our environment: where the person's state is kept. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly git: Git;
  /** Of a run that is taken up: its folders stay where they are, from the bases they had. */
  readonly history?: RunState | undefined;
}

export interface AssignedFolders {
  /** By instance; several may share one. */
  readonly folders: ReadonlyMap<string, OwnFolder>;
  /** By instance: where in its folder it works. */
  readonly cwds: ReadonlyMap<string, string>;
  /** Why an instance cannot have its folder, by its name. */
  readonly problems: ReadonlyMap<string, FolderProblem>;
}

export interface FolderProblem {
  readonly message: string;
  readonly hint?: string;
}

const oldestGit = [2, 38] as const;

/** Decides which folder each instance works in, and from which commit; nothing is made yet. */
export async function assignFolders(request: AssignRequest): Promise<AssignedFolders> {
  const folders = new Map<string, OwnFolder>();
  const cwds = new Map<string, string>();
  const problems = new Map<string, FolderProblem>();
  const isolated = request.plan.instances.filter(({ isolation }) => isolation !== undefined);
  const unfit = isolated.length === 0 ? undefined : await unfitGit(request.git);
  const byOwner = new Map<string, OwnFolder | FolderProblem>();
  const repositories = new Map<string, Promise<Repository | undefined>>();
  for (const instance of isolated) {
    const owner = ownerOf(request.plan, instance);
    const assigned = byOwner.get(owner.name) ?? unfit ?? (await assign(owner, request, repositories));
    byOwner.set(owner.name, assigned);
    if ("message" in assigned) problems.set(instance.name, assigned);
    else {
      folders.set(instance.name, assigned);
      cwds.set(instance.name, cwdIn(assigned, instance));
    }
  }
  return { folders, cwds, problems };
}

async function unfitGit(git: Git): Promise<FolderProblem | undefined> {
  const answer = await git({ folder: "/" }, ["version"]);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(answer.stdout) ?? [];
  const isNewEnough = Number(major) > oldestGit[0] || (Number(major) === oldestGit[0] && Number(minor) >= oldestGit[1]);
  if (answer.ok && isNewEnough) return undefined;
  const found = answer.ok ? `there is ${answer.stdout.trim()}` : answer.sentence;
  return { message: `\`isolation\` needs git ${oldestGit.join(".")} or newer, and ${found}` };
}

/** Steps of a sequence do one piece of work, and a session knows its folder by its path: both share the first one's. */
function ownerOf(plan: Plan, instance: InstancePlan): InstancePlan {
  const isSame = (other: InstancePlan | undefined): other is InstancePlan =>
    other?.isolation?.kind === instance.isolation?.kind && other?.cwd === instance.cwd;
  const followed = plan.instances.find(({ name }) => name === instance.session.follows);
  if (followed !== undefined && followed !== instance && isSame(followed)) return ownerOf(plan, followed);
  if (instance.matrix !== undefined || instance.name === instance.group) return instance;
  const first = plan.instances.find(({ group }) => group === instance.group);
  return first !== undefined && isSame(first) ? first : instance;
}

async function assign(
  instance: InstancePlan,
  request: AssignRequest,
  repositories: Map<string, Promise<Repository | undefined>>,
): Promise<OwnFolder | FolderProblem> {
  const root = ownFoldersRoot(request.variables);
  if (root === undefined) return { message: "nobody knows where to keep it: neither HOME nor XDG_STATE_HOME is set" };
  const { isolation } = instance;
  if (isolation?.kind !== "worktree") return assignCopy(instance, request, root);
  const finding = repositories.get(instance.cwd) ?? findRepository(request.git, instance.cwd);
  repositories.set(instance.cwd, finding);
  const repository = await finding;
  if (repository === undefined) {
    return {
      message: `\`${instance.cwd}\` is in no git repository, and \`isolation: worktree\` needs one`,
      hint: "`git init` and commit, or write `isolation: copy`",
    };
  }
  const place = placeOf(root, repository.commonDir, instance.name, request);
  if (isInside(repository.root, dirname(place.path))) return notOutside(repository.root, place.path);
  const recorded = request.history?.instances.get(instance.name)?.workspace;
  const asked = { folder: repository.root };
  const base = recorded?.kind === "worktree" ? recorded.base : await resolveCommit(request.git, asked, isolation.base);
  if (base === undefined) return noBase(isolation.base, repository.root);
  const branch = `orchestrator/${request.run}/${safeName(instance.name)}`;
  return { kind: "worktree", isolation, repository, branch, base, ...place };
}

function assignCopy(instance: InstancePlan, request: AssignRequest, root: string): OwnFolder | FolderProblem {
  const { workspace } = request.plan;
  const source = realOf(isInside(workspace, instance.cwd) ? workspace : instance.cwd);
  const place = placeOf(root, source, instance.name, request);
  return isInside(source, dirname(place.path)) ? notOutside(source, place.path) : { kind: "copy", source, ...place };
}

function placeOf(root: string, subject: string, instance: string, { run, directory, history }: AssignRequest) {
  const recorded = history?.instances.get(instance)?.workspace?.path;
  const path = recorded ?? join(realOf(root), nameForFolder(subject), run, safeName(instance));
  return { run, directory, instance, path, recordFile: `${path}.json` };
}

/** A copy would copy itself, and a repository would see its own worktrees as new files. */
function notOutside(source: string, path: string): FolderProblem {
  return {
    message: `its own folder would be \`${path}\`, inside \`${source}\` itself`,
    hint: "set XDG_STATE_HOME to a folder outside",
  };
}

function noBase(base: string, root: string): FolderProblem {
  return base === "HEAD"
    ? { message: `\`${root}\` has no commit yet that a worktree could begin from`, hint: "commit once" }
    : {
        message: `\`${base}\` (worktree.base) is no branch, tag or commit of \`${root}\``,
        hint: "fetch it, or name another",
      };
}

/** The same place in the folder that it has in the workspace. */
function cwdIn(folder: OwnFolder, { cwd }: InstancePlan): string {
  const from = folder.kind === "copy" ? folder.source : folder.repository.root;
  const way = relative(from, realOf(cwd));
  return way === "" ? folder.path : join(folder.path, way);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(realOf(folder), realOf(path));
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}

/** Real as far as it exists: git puts down real paths. */
function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realOf(dirname(path)), path.slice(dirname(path).length).replace(sep, ""));
}
