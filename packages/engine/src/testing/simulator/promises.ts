import { foldRun, totalTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent, Plan, RunState } from "@claude-orchestrator/domain";
import type { World } from "./world.ts";
import type { WorldProcess } from "./worldProcesses.ts";

/**
 * What must be so on disk before a process of this marker may exist: its intent, an instance that still wants one, none of
 * that marker before it, and money left.
 */
export function brokenStart(plan: Plan, marker: string, durable: readonly LoggedEvent[]): readonly string[] {
  const state = foldRun(durable);
  const instance = [...(state?.instances.values() ?? [])].find(({ attempts }) => {
    return attempts.some((attempt) => attempt.marker === marker);
  });
  const attempt = instance?.attempts.find((each) => each.marker === marker);
  if (state === undefined || instance === undefined || attempt === undefined) {
    return [`${marker} was started without its intent on disk`];
  }
  const { phase } = instance;
  const isWanted = phase.status === "running" && phase.attempt === attempt.number;
  const spent = [...state.instances.values()].reduce((sum, each) => sum + totalTokens(each.spent.usage), 0);
  return [
    ...(isWanted ? [] : [`${marker} was started while its instance was ${phase.status}`]),
    ...(attempt.process === undefined ? [] : [`${marker} was started twice`]),
    ...(plan.limits.some(({ limit }) => spent >= limit) ? [`${marker} was started though the budget was spent`] : []),
  ];
}

/** Of a world whose run has ended: every promise of R-INV that was not kept, in a sentence each. */
export function brokenPromises(world: World): readonly string[] {
  const { durable, state } = world;
  if (state === undefined) return ["nothing of the run is on disk"];
  return [
    ...brokenOrder(durable),
    ...brokenEnds(durable, state),
    ...brokenRepeats(durable),
    ...brokenPatience(world),
    ...world.processes.all.flatMap((process) => brokenAccount(process, state)),
    ...(world.processes.alive > 0 ? [`${world.processes.alive} processes outlived the run`] : []),
  ];
}

function brokenOrder(events: readonly LoggedEvent[]): readonly string[] {
  const gap = events.find((event, index) => event.seq !== index + 1);
  const late = events.find(
    (event, index) => events[index - 1]?.type === "run-settled" && event.type !== "run-reopened",
  );
  return [
    ...(gap === undefined ? [] : [`the log has a gap before event ${gap.seq}`]),
    ...(late === undefined ? [] : [`${late.type} follows the run's end`]),
    ...(events.at(-1)?.type === "run-settled" ? [] : ["the last event is not the run's end"]),
  ];
}

function brokenEnds(events: readonly LoggedEvent[], state: RunState): readonly string[] {
  const broken: string[] = [];
  const planned = keys(events, "attempt-planned");
  const ended = keys(events, "attempt-ended");
  if (new Set(planned).size !== planned.length) broken.push("an attempt was planned twice");
  if (new Set(ended).size !== ended.length) broken.push("an attempt ended twice");
  if (planned.length !== ended.length) broken.push(`${planned.length} attempts were planned and ${ended.length} ended`);
  for (const { name, phase } of state.instances.values()) {
    if (phase.status !== "settled") broken.push(`${name} did not settle`);
  }
  return broken;
}

/** An instance runs again only where its log says why: a retry, or a person who asked for it anew. */
function brokenRepeats(events: readonly LoggedEvent[]): readonly string[] {
  const allowed = new Set<string>();
  const broken: string[] = [];
  for (const event of events) {
    if (event.type === "retry-scheduled") allowed.add(event.instance);
    else if (event.type === "run-reopened") for (const name of event.instances) allowed.add(name);
    else if (event.type === "attempt-planned" && !allowed.delete(event.instance) && event.attempt > 1) {
      broken.push(`${event.instance} ran again without a reason`);
    }
  }
  return broken;
}

/** Far more than any schedule takes whose hanging agents are stopped by their timeouts. */
const longestMs = 10_000_000;

/** Nothing that was cut off is left at that, and nothing that should be stopped is waited for. */
function brokenPatience({ clock, state }: World): readonly string[] {
  const settled = [...(state?.instances.values() ?? [])].filter(({ phase }) => {
    return phase.status === "settled" && phase.verdict === "failed";
  });
  const abandoned = settled.filter(({ attempts }) => attempts.at(-1)?.end?.failure?.kind === "interrupted");
  return [
    ...abandoned.map(({ name }) => `${name} was cut off and not taken up again`),
    ...(clock.monotonic() > longestMs ? ["an agent that hung was waited for"] : []),
  ];
}

function keys(events: readonly LoggedEvent[], type: "attempt-planned" | "attempt-ended"): readonly string[] {
  return events.flatMap((event) => (event.type === type ? [`${event.instance}#${event.attempt}`] : []));
}

/** What the log says an attempt has spent is what its process has told, each call once, whoever read it how often. */
function brokenAccount(process: WorldProcess, state: RunState): readonly string[] {
  const attempt = state.instances.get(process.instance)?.attempts.find(({ marker }) => marker === process.marker);
  if (attempt === undefined) return [`${process.marker} has run and is not in the log`];
  const told = new Map(process.spool.flatMap((event) => (event.type === "usage" ? [[event.key, event.usage]] : [])));
  const truth = [...told.values()].reduce((sum, usage) => sum + totalTokens(usage), 0);
  const logged = totalTokens(attempt.spent.usage);
  return logged === truth ? [] : [`${process.marker} spent ${truth} tokens and the log has ${logged}`];
}
