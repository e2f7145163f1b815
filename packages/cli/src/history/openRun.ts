import { UserError } from "@claude-orchestrator/domain";
import type { InstanceState, RunState } from "@claude-orchestrator/domain";
import { findRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { RunFold } from "../run/runFold.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { unknownInstance } from "../run/overrides.ts";
import { openLogOf } from "../supervise/history.ts";
import type { BudgetUse } from "../views/budgetUse.ts";
import { cleanLine } from "../views/text/cleanText.ts";

/** Of those that a name may mean. */
const mostNames = 12;

export interface OpenedRun {
  readonly state: RunState;
  readonly uses: readonly BudgetUse[];
  /** Absolute; where the run's files are now, wherever they were made. */
  readonly directory: string;
}

/**
 * Reads a run of the past (or one that runs now) from its log; damage of the log is told and left out.
 *
 * @throws UserError run-not-found, log-not-usable
 */
export function openRun(text: string, runsDir: string | undefined, io: Io): OpenedRun {
  const found = findRun(oldRunsFolder(io, runsDir), text);
  const log = openLogOf(found);
  try {
    const fold = new RunFold();
    fold.add(log.events());
    for (const { what } of log.damage())
      io.talk.write(`${io.talk.paint("warn", "note:")} the log is damaged: ${cleanLine(what)}\n`);
    for (const seq of fold.passedOver)
      io.talk.write(
        `${io.talk.paint("warn", "note:")} event ${seq} of the log is not what it says it is: passed over\n`,
      );
    if (fold.state === undefined) throw new UserError("log-not-usable", `The log of ${found.id} tells nothing yet`);
    const state = { ...fold.state, directory: found.directory };
    return { state, uses: fold.uses(Date.now()), directory: found.directory };
  } finally {
    log.close();
  }
}

/** The one instance a person means: its name, or the beginning of one. @throws UserError instance-not-found */
export function instanceOf(state: RunState, name: string): InstanceState {
  const exact = state.instances.get(name);
  if (exact !== undefined) return exact;
  const [found, ...others] = [...state.instances.values()].filter((each) => each.name.startsWith(name));
  if (found === undefined) throw unknownInstance(state.plan, name);
  if (others.length === 0) return found;
  const names = [found, ...others].map((each) => `\`${each.name}\``);
  const shown = [...names.slice(0, mostNames), ...(names.length > mostNames ? ["…"] : [])];
  throw new UserError("instance-not-found", `\`${name}\` may be any of ${names.length} instances`, {
    hint: `name one of them: ${shown.join(", ")}`,
  });
}

/** As `instanceOf`, where the name of a matrix or of a sequence means all its members. @throws UserError instance-not-found */
export function instancesOf(state: RunState, name: string): readonly InstanceState[] {
  if (state.instances.has(name)) return [instanceOf(state, name)];
  const members = state.plan.instances.filter(({ group }) => group === name);
  return members.length === 0 ? [instanceOf(state, name)] : members.map((member) => instanceOf(state, member.name));
}
