/** What becomes of the agents of a supervisor that nobody could stop from being killed. */
import { describe, expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";
import { detach, type DetachedRun, killSupervisor, until } from "./support/detached.ts";
import { readLog } from "./support/invariants.ts";
import { leftoversAfter, processesWith } from "./support/leftovers.ts";

const patient = { timeout: 60_000 };
/** The kernel needs no grace; the reaper waits ten seconds before it does anything. */
const atOnceMs = 2000;
const graceMs = 10_000;

const nasty = `(setsid sh -c 'sleep 1000 & wait' &)
setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' &
echo up >> up
while [ ! -e go ]; do sleep 0.05; done
echo gone`;

/** YAML too: `detach` starts `fleet.yaml`. */
const fleetFile = JSON.stringify({
  concurrency: 4,
  instances: [1, 2, 3, 4].map((at) => ({ name: `agent-${at}`, run: nasty })),
});

const withoutNamespaces = { CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" };

function home(rig: Rig): string {
  return rig.environment["HOME"] ?? "";
}

/** Kills the supervisor once all agents are at work with all they have started. */
async function killAtWork(rig: Rig): Promise<DetachedRun> {
  const run = await detach(rig);
  await until(() => (rig.exists("up") && rig.read("up").split("\n").length > 4 ? true : undefined));
  await killSupervisor(run);
  return run;
}

function containmentOf(directory: string): string {
  const created = readLog(directory).find((event) => event.type === "run-created");
  return created?.type === "run-created" ? created.machine.containment : "";
}

describe.skipIf(process.platform !== "linux")("agents whose supervisor was killed by SIGKILL", () => {
  test("are gone at once where the machine has namespaces", patient, async ({ skip }) => {
    await using rig = await createRig({ config: fleetFile });
    const { run, directory } = await killAtWork(rig);
    const hasNamespaces = containmentOf(directory).includes("bubblewrap): when it ends");
    const left = await leftoversAfter(hasNamespaces ? atOnceMs : 2 * graceMs, home(rig));
    expect(left).toEqual([]);
    await rig.command(["stop", run, "--force"]);
    if (!hasNamespaces) skip("bubblewrap is not installed, or may not make namespaces here");
  });

  test("are gone after a grace where it has none", patient, async () => {
    await using rig = await createRig({ config: fleetFile, env: withoutNamespaces });
    const { run, directory } = await killAtWork(rig);
    expect(containmentOf(directory)).toContain("CLAUDE_ORCHESTRATOR_CONTAINMENT=sweep");
    expect(processesWith(home(rig)).length).toBeGreaterThan(4);
    expect(await leftoversAfter(3 * graceMs, home(rig))).toEqual([]);
    await rig.command(["stop", run, "--force"]);
  });

  test("are taken over by `resume` within that grace, and work on", patient, async () => {
    await using rig = await createRig({ config: fleetFile, env: withoutNamespaces });
    const { run, directory } = await killAtWork(rig);
    const resumed = rig.begin(["resume", run, "--json"]);
    const isAdopted = () => readLog(directory).filter(({ type }) => type === "attempt-adopted").length === 4;
    await until(() => (isAdopted() ? true : undefined));
    expect(processesWith(home(rig)).length).toBeGreaterThan(4);
    await rig.command(["stop", run, "--force"]);
    await resumed.ended;
    expect(await leftoversAfter(atOnceMs, home(rig))).toEqual([]);
  });
});
