import { UserError, inGraphOrder, shellWord } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { createGit, isWorktreeRecord, land, listRecords } from "@claude-orchestrator/host";
import type { Landing, LandingConflict, RecordedWorktree } from "@claude-orchestrator/host";
import { isRunLocked } from "@claude-orchestrator/store";
import { instancesOf, openRun } from "../history/openRun.ts";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { line } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";

export interface MergeFlags {
  readonly into: string | undefined;
  readonly "dry-run": boolean;
  readonly "keep-conflict": boolean;
  readonly "runs-dir": string | undefined;
}

const exitCodeOfConflict = 1;

/** `merge RUN [INSTANCE…]`: lands what instances did in their worktrees, each after what it needed, or nothing of it. */
export async function mergeRun([text = "", ...names]: readonly string[], flags: MergeFlags, io: Io): Promise<number> {
  const { state } = openRun(text, flags["runs-dir"], io);
  const chosen = choose(state, names, io);
  const [first] = chosen;
  if (first === undefined) {
    io.talk.lines([line("There is nothing to land: no instance that succeeded has a worktree of its own", "quiet")]);
    return 0;
  }
  const landing = await land({
    git: createGit(io.env),
    run: state.id,
    ...first.record.repository,
    into: flags.into,
    worktrees: chosen,
    dryRun: flags["dry-run"],
    keepConflict: flags["keep-conflict"],
  });
  if ("problem" in landing) {
    const options = landing.hint === undefined ? {} : { hint: landing.hint };
    throw new UserError("workspace-not-usable", landing.problem, options);
  }
  io.out.lines(landingLines(landing, flags));
  if (landing.conflict === undefined) return 0;
  io.talk.lines(conflictLines(landing.conflict, state.id, landing.into, flags));
  return exitCodeOfConflict;
}

/** Those named, else those that succeeded; each worktree once, in the order of the graph. */
function choose(state: RunState, names: readonly string[], io: Io): readonly RecordedWorktree[] {
  const recorded = listRecords(io.env)
    .filter(({ record }) => record.run === state.id)
    .filter(isWorktreeRecord);
  const worktreeOf = (name: string): RecordedWorktree | undefined =>
    recorded.find(({ path }) => path === state.instances.get(name)?.workspace?.path);
  const asked = names.map((name) => instancesOf(state, name).map((instance) => instance.name));
  // Of a group some may have changed nothing.
  const without = asked.find((members) => members.every((name) => worktreeOf(name) === undefined));
  if (without !== undefined) throw withoutWorktree(without);
  const wanted = new Set(asked.flat());
  const chosen = new Set<RecordedWorktree>();
  for (const { name } of inGraphOrder(state.plan)) {
    const found = (asked.length > 0 ? wanted.has(name) : hasSucceeded(state, name)) ? worktreeOf(name) : undefined;
    if (found !== undefined) chosen.add(found);
  }
  const busy = [...chosen].map(({ path }) => whoWorksIn(state, path)).find((name) => name !== undefined);
  if (busy !== undefined) throw stillAtWork(state, busy, asked.length > 0);
  return [...chosen];
}

function stillAtWork({ id, directory }: RunState, name: string, isNamed: boolean): UserError {
  const instead = isNamed
    ? `end it: \`${programName} stop ${id} ${shellWord(name)}\``
    : `name what is to land: \`${programName} merge ${id} INSTANCE…\``;
  return new UserError("workspace-not-usable", `\`${name}\` has not ended yet, so it may go on changing its worktree`, {
    hint: isRunLocked(directory)
      ? `wait for it, or ${instead}`
      : `nothing works on its run now: \`${programName} resume ${id}\` takes it up again`,
  });
}

function hasSucceeded({ instances }: RunState, name: string): boolean {
  const phase = instances.get(name)?.phase;
  return phase?.status === "settled" && phase.verdict === "succeeded";
}

function whoWorksIn({ instances }: RunState, path: string): string | undefined {
  return [...instances.values()].find(({ phase, workspace }) => phase.status !== "settled" && workspace?.path === path)
    ?.name;
}

function withoutWorktree(names: readonly string[]): UserError {
  const named = names.map((name) => `\`${name}\``).join(", ");
  return new UserError("workspace-not-usable", `There is no worktree of ${named} with anything to land`, {
    hint: "it worked in the workspace itself or in a copy, or changed nothing",
  });
}

function landingLines(landing: Exclude<Landing, { problem: string }>, flags: MergeFlags): readonly Line[] {
  const { steps, into, conflict } = landing;
  const isDone = !flags["dry-run"] && (conflict === undefined || flags["keep-conflict"]);
  const lines = steps.map((step) => {
    if (step.is === "nothing") return line(`${step.instance}: nothing to land`, "quiet");
    const with_ = step.uncommitted ? ", with what it left uncommitted" : "";
    return line(`${step.instance}: ${step.is}${with_}`, isDone ? "good" : "quiet");
  });
  const end = steps.every(({ is }) => is === "nothing") ? [] : [line(`${isDone ? "landed" : "would land"} in ${into}`)];
  return conflict !== undefined && !isDone ? [] : [...lines, ...end];
}

function conflictLines(
  { instance, files }: LandingConflict,
  run: string,
  into: string,
  flags: MergeFlags,
): readonly Line[] {
  const kept = flags["keep-conflict"] && !flags["dry-run"];
  const again = `${programName} merge ${run}${flags.into === undefined ? "" : ` --into ${shellWord(into)}`}`;
  return [
    line(`${instance} conflicts with what is there before it:`, "bad"),
    ...files.map(({ path, others }) => line(`  ${path}: ${instance} and ${others.join(", ")}`)),
    line(
      kept
        ? "The conflict is in the work tree: solve it and commit, or `git merge --abort`; what came before it has landed"
        : `Nothing has landed. \`${again} --keep-conflict\` lands what comes before it and leaves the conflict to be solved`,
      "quiet",
    ),
  ];
}
