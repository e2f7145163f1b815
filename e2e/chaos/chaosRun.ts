import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { foldRun, totalTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { createRig, type Rig } from "../rig.ts";
import { readLog } from "../support/invariants.ts";
import { leftoversAfter, processesWith, type Leftover } from "../support/leftovers.ts";
import { nastyFleet } from "./fleet.ts";
import { attemptsOf, choose, kill, supervisorOf, tokensTold, type Victim } from "./killer.ts";

export interface ChaosOptions {
  /** In [0, 1): the test's own randomness, so that a seed repeats it. */
  readonly random: () => number;
  readonly kills: number;
  /** What keeps processes together on this machine: see CLAUDE_ORCHESTRATOR_CONTAINMENT. */
  readonly containment: "auto" | "sweep";
  readonly size: number;
}

export interface ChaosEnd {
  readonly kills: Readonly<Record<Victim, number>>;
  /** Processes of the run that were alive two seconds after its end. */
  readonly survivors: readonly Leftover[];
  readonly verdicts: Readonly<Record<string, string>>;
  /** Attempts whose tokens in the log are not those their output tells. */
  readonly miscounted: readonly string[];
  readonly adopted: number;
  /** Agents that went on in the session they had. */
  readonly resumed: number;
}

const victims: readonly Victim[] = [
  "supervisor",
  "supervisor",
  "agent",
  "agent",
  "grandchild",
  "grandchild",
  "terminal",
];

/** Runs a fleet of nasty agents and kills whatever there is of it, again and again, until it has settled. */
export async function chaosRun({ random, kills: wanted, containment, size }: ChaosOptions): Promise<ChaosEnd> {
  const { files, config } = nastyFleet({ size, steps: 8, pause: 0.25, starts: "starts" });
  const retry = { attempts: 50, delay: "10ms", max_delay: "50ms", on: ["crash", "incomplete"] };
  await using rig = await createRig({
    files,
    config: { ...config, defaults: { retry } },
    env: containment === "sweep" ? { CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" } : {},
  });
  const { run, directory } = await begin(rig);
  const kills = { supervisor: 0, agent: 0, grandchild: 0, terminal: 0 };
  for (let left = wanted; left > 0 && !hasSettled(directory);) {
    await wait(20 + random() * 150);
    const victim = victims[Math.floor(random() * victims.length)] ?? "agent";
    if (!(await killOne({ victim, rig, run, directory, random }))) continue;
    kills[victim] += 1;
    left -= 1;
  }
  await rig.command(["attach", run, "--json"]);
  const survivors = await leftoversAfter(2000, markerOf(run));
  return { kills, survivors, ...look(directory, rig) };
}

async function begin(rig: Rig): Promise<{ readonly run: string; readonly directory: string }> {
  const program = `claude=${rig.path("agent.sh")}`;
  const { stdout, stderr } = await rig.command(["run", "fleet.json", "--detach", "--json", "--agent-path", program]);
  if (stdout === "") throw new Error(`the run did not begin: ${stderr}`);
  return JSON.parse(stdout) as { readonly run: string; readonly directory: string };
}

interface Chance {
  readonly victim: Victim;
  readonly rig: Rig;
  readonly run: string;
  readonly directory: string;
  readonly random: () => number;
}

/** True where somebody was there to be killed. */
async function killOne({ victim, rig, run, directory, random }: Chance): Promise<boolean> {
  if (victim === "terminal") {
    const viewer = rig.begin(["attach", run, "--plain"]);
    await wait(100);
    viewer.signal("SIGKILL");
    await viewer.ended;
    return true;
  }
  if (victim === "supervisor") return killSupervisor(rig, run, directory);
  const pids = choose(processesWith(markerOf(run)), victim);
  const pid = pids[Math.floor(random() * pids.length)];
  return pid !== undefined && kill(pid);
}

async function killSupervisor(rig: Rig, run: string, directory: string): Promise<boolean> {
  const pid = supervisorOf(directory);
  if (pid === undefined || !kill(pid)) return false;
  while (!hasSettled(directory)) {
    const { exitCode } = await rig.command(["resume", run, "--detach", "--json"]);
    if (exitCode === 0) return true;
    await wait(20);
  }
  return true;
}

/** Found in the environment of every process of the run, and of no other. */
function markerOf(run: string): string {
  return `CLAUDE_ORCHESTRATOR_ATTEMPT_${run}=`;
}

function hasSettled(directory: string): boolean {
  return readLog(directory).at(-1)?.type === "run-settled";
}

function look(directory: string, rig: Rig): Omit<ChaosEnd, "kills" | "survivors"> {
  const events = readLog(directory);
  const state = foldRun(events);
  const phases = [...(state?.instances.values() ?? [])].map(({ name, phase }) => {
    return [name, phase.status === "settled" ? phase.verdict : phase.status] as const;
  });
  const starts = rig.read("starts").split("\n");
  return {
    verdicts: Object.fromEntries(phases),
    miscounted: miscounted(directory, events),
    adopted: events.filter(({ type }) => type === "attempt-adopted").length,
    resumed: starts.filter((line) => line.includes(" resumed ")).length,
  };
}

function miscounted(directory: string, events: readonly LoggedEvent[]): readonly string[] {
  const state = foldRun(events);
  return attemptsOf(events).flatMap(({ instance, attempt, stdout }) => {
    const found = state?.instances.get(instance)?.attempts.find(({ number }) => number === attempt);
    const logged = found === undefined ? undefined : totalTokens(found.spent.usage);
    const told = tokensTold(outputOf(join(directory, stdout)));
    return logged === told ? [] : [`${instance}#${attempt}: ${told} were told, ${logged} are in the log`];
  });
}

/** Of an attempt whose supervisor was killed before its process began there is none. */
function outputOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
