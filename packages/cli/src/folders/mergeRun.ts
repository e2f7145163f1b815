import { inGraphOrder, UserError } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { createGit, isWorktreeRecord, land, listRecords } from "@claude-orchestrator/host";
import type { Landing, LandingConflict, RecordedWorktree } from "@claude-orchestrator/host";
import { instanceOf, openRun } from "../history/openRun.ts";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { shellWord } from "../views/shellWord.ts";
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
  io.out.lines(landingLines(landing, flags["dry-run"]));
  if (landing.conflict === undefined) return 0;
  io.talk.lines(conflictLines(landing.conflict, state.id, landing.into, flags));
  return exitCodeOfConflict;
}

/** Those named, else those that succeeded; each worktree once, in the order of the graph. */
function choose(state: RunState, names: readonly string[], io: Io): readonly RecordedWorktree[] {
  const asked = new Set(names.map((name) => instanceOf(state, name).name));
  const recorded = listRecords(io.env)
    .filter(({ record }) => record.run === state.id)
    .filter(isWorktreeRecord);
  const chosen = new Set<RecordedWorktree>();
  for (const { name } of inGraphOrder(state.plan)) {
    if (asked.size > 0 ? !asked.has(name) : !hasSucceeded(state, name)) continue;
    const path = state.instances.get(name)?.workspace?.path;
    const found = recorded.find((each) => each.path === path);
    if (found !== undefined) chosen.add(found);
    else if (asked.has(name)) throw withoutWorktree(name);
  }
  const busy = [...chosen].map(({ path }) => whoWorksIn(state, path)).find((name) => name !== undefined);
  if (busy === undefined) return [...chosen];
  throw new UserError("workspace-not-usable", `\`${busy}\` has not ended yet, so it may go on changing its worktree`, {
    hint: `wait for it, or name what is to land: \`${programName} merge ${state.id} INSTANCE…\``,
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

function withoutWorktree(name: string): UserError {
  return new UserError("workspace-not-usable", `\`${name}\` has no worktree with anything to land`, {
    hint: "it worked in the workspace itself or in a copy, or changed nothing",
  });
}

function landingLines(landing: Exclude<Landing, { problem: string }>, isRehearsal: boolean): readonly Line[] {
  const { steps, into, conflict } = landing;
  const isDone = !isRehearsal && (conflict === undefined || landing.before !== landing.after);
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
        : `Nothing was changed. \`${again} --keep-conflict\` lands what comes before it and leaves the conflict to be solved`,
      "quiet",
    ),
  ];
}
