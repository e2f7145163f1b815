import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { InstancePlan, Isolation, Plan } from "@claude-orchestrator/domain";
import type { WorkspaceOrder, Workspaces } from "@claude-orchestrator/engine/ports";
import { createClock } from "../clock.ts";
import { createProcessHost } from "../processes/processHost.ts";
import { assignFolders, type AssignedFolders } from "../workspace/own/assignFolders.ts";
import { createGit, type Git } from "../workspace/git/git.ts";
import { createWorkspaces } from "../workspace/own/createWorkspaces.ts";
import { createFileTree, type Entry, type FileTree } from "./fileTree.ts";

/** A repository in a temporary folder, with the folders of its instances beside it. */
export interface GitRig extends Disposable {
  readonly tree: FileTree;
  readonly repository: string;
  readonly git: Git;
  readonly variables: Readonly<Record<string, string>>;
  /** Git as a person or an agent would run it, with their own settings; answers what it printed, trimmed. */
  as(folder: string, ...words: string[]): string;
  commit(entries: Readonly<Record<string, Entry>>, message?: string): string;
  /** `changes` are the same for all instances, or made for each from its name. */
  assign(
    instances: Readonly<Record<string, Isolation>>,
    changes?: Partial<InstancePlan> | ((name: string) => Partial<InstancePlan>),
    variables?: Readonly<Record<string, string>>,
  ): Promise<AssignedFolders>;
  workspaces(assigned: AssignedFolders): Workspaces;
  order(instance: string): WorkspaceOrder;
}

export const worktree: Extract<Isolation, { kind: "worktree" }> = {
  kind: "worktree",
  base: "HEAD",
  link: [],
  submodules: false,
};

export function createGitRig(entries: Readonly<Record<string, Entry>> = { "a.txt": "a\n" }): GitRig {
  const tree = createFileTree();
  const repository = tree.at("repo");
  for (const folder of ["repo", "home", "run"]) mkdirSync(tree.at(folder));
  const variables = {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: tree.at("home"),
    XDG_STATE_HOME: tree.at("state"),
  };
  const as: GitRig["as"] = (folder, ...words) =>
    execFileSync("git", words, {
      cwd: folder,
      env: variables,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  tree.write({
    "home/.gitconfig": "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n",
  });
  as(repository, "init", "--quiet");
  const git = createGit(variables);
  const rig: GitRig = {
    tree,
    repository,
    git,
    variables,
    as,
    commit: (files, message = "more") => {
      tree.write(Object.fromEntries(Object.entries(files).map(([name, entry]) => [join("repo", name), entry])));
      as(repository, "add", "--all");
      as(repository, "commit", "--quiet", "--allow-empty", "--message", message);
      return as(repository, "rev-parse", "HEAD");
    },
    assign: (instances, changes = {}, more = {}) => {
      const plan = planOf(repository, instances, changes);
      return assignFolders({
        plan,
        run: "run_0000000001",
        directory: tree.at("run"),
        variables: { ...variables, ...more },
        git,
      });
    },
    workspaces: (assigned) => createWorkspaces({ assigned, git, host: createProcessHost(), clock: createClock() }),
    order: (instance) => ({
      instance,
      env: variables,
      marker: { name: "GIT_RIG_MARK", value: `${process.pid}-${instance}` },
      diffFile: tree.at(`run/attempts/${encodeURIComponent(instance)}-1.diff`),
      cancelled: new Promise(() => undefined),
    }),
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
  rig.commit(entries, "first");
  return rig;
}

function planOf(
  workspace: string,
  instances: Readonly<Record<string, Isolation>>,
  changes: Parameters<GitRig["assign"]>[1],
): Plan {
  return {
    name: "rig",
    workspace,
    concurrency: 4,
    startupDelayMs: 0,
    variables: {},
    limits: [],
    hideBudgets: false,
    notices: [],
    instances: Object.entries(instances).map(([name, isolation]) => ({
      name,
      group: name,
      agent: "command",
      work: { kind: "argv", argv: ["true"] },
      addDirs: [],
      permissionMode: "default",
      outputFormat: "stream-json",
      session: { resume: false, clear: false },
      env: { values: {}, pass: [] },
      cwd: workspace,
      isolation,
      needs: [],
      retry: { attempts: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [] },
      priority: 0,
      continueOnFailure: false,
      successWhen: [],
      trustWorkspace: false,
      ...(typeof changes === "function" ? changes(name) : changes),
    })),
  };
}
