/** Faults of docs/reliability.md that need the whole built program and belong to no other file. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";
import { detach, killSupervisor, openRuns, until } from "./support/detached.ts";
import { readLog } from "./support/invariants.ts";
import { leftoversAfter, processesWith } from "./support/leftovers.ts";
import { programPath, startProgram } from "./support/program.ts";

const onLinux = process.platform === "linux";

const gated = `name: gated
instances:
  - { name: done, run: "echo once >> runs-of-done" }
  - { name: slow, run: "while [ ! -e go ]; do sleep 0.05; done; echo gone" }
`;

/** The built program as another release would be: the same but for its version. */
function otherRelease(rig: Rig, version: string): string {
  const folder = rig.path(`release ${version}`);
  cpSync(dirname(programPath), folder, { recursive: true });
  const own = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const changed = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), "utf8") }))
    .filter(({ text }) => text.includes(`"${own.version}"`));
  expect(changed.length).toBeGreaterThan(0);
  for (const { path, text } of changed) writeFileSync(path, text.replaceAll(`"${own.version}"`, `"${version}"`));
  return join(folder, "cli.mjs");
}

test("R28: a run that another release began is gone on with by this one, and by that one again", async () => {
  await using rig = await createRig({ config: gated });
  const older = otherRelease(rig, "0.0.9");
  const byOlder = (args: readonly string[]) =>
    startProgram({ program: older, args, cwd: rig.folder, env: rig.environment }).ended;
  const begun = await byOlder(["run", "fleet.yaml", "--detach", "--json"]);
  const { run, directory, pid } = JSON.parse(begun.stdout) as { run: string; directory: string; pid: number };
  await until(async () => ((await openRuns(rig))[0]?.instances.done === 1 ? true : undefined));
  await killSupervisor({ pid });
  const resumed = await rig.command(["resume", run, "--detach", "--json"]);
  await killSupervisor(JSON.parse(resumed.stdout) as { pid: number });
  writeFileSync(rig.path("go"), "");
  expect((await byOlder(["resume", run])).exitCode).toBe(0);
  const versions = readLog(directory).flatMap((event) => {
    return event.type === "run-created" || event.type === "run-resumed" ? [event.version] : [];
  });
  expect(versions).toEqual(["0.0.9", expect.not.stringMatching(/^0\.0\.9$/), "0.0.9"]);
  expect(rig.read("runs-of-done")).toBe("once\n");
});

test("R22: three hundred instances of odd names run, and each is found again by its name", async () => {
  const odd = [
    "..",
    "../../x",
    "-rf",
    "--json",
    "CON",
    "nul.txt",
    "a/b\\c",
    "%PATH%",
    "$(id)",
    "'\"",
    "🚀".repeat(200),
    "é",
  ];
  const plain = Array.from({ length: 300 - odd.length }, (_each, at) => `agent ${at}`);
  const names = [...odd, "É", ...plain].slice(0, 300);
  const instances = names.map((name, at) => ({ name, run: ["echo", `answer ${at}`] }));
  await using rig = await createRig({ config: { name: "odd", concurrency: 20, instances } });
  const { exitCode, directory, result, rawOutput } = await rig.run();
  expect(exitCode).toBe(0);
  expect(result.instances.map(({ name }) => name)).toEqual(names);
  expect(names.map((name) => rawOutput(name))).toEqual(names.map((_name, at) => `answer ${at}\n`));
  const files = new Set(result.instances.flatMap(({ attempts }) => attempts.map(({ stdout }) => stdout.toLowerCase())));
  expect(files.size).toBe(300);
  expect(readdirSync(directory).filter((name) => name.startsWith("private"))).toEqual([]);
});

/** In all; CATALOGUE_AGENTS asks for another number. */
const agentsAtOnce = Number(process.env["CATALOGUE_AGENTS"] ?? 200);
const rounds = 3;

/** Rounds of agents one after the other; between them only a gate is at work, which waits to be opened. */
function fleetOfRounds(): object {
  const instances = Array.from({ length: rounds }, (_round, round) => {
    const gate = `gate-${round}`;
    const agents = Array.from({ length: agentsAtOnce }, (_each, at) => `agent-${round}-${at}`);
    return [
      ...agents.map((name) => ({
        name,
        needs: round === 0 ? [] : [`gate-${round - 1}`],
        run: "echo one; sleep 0.3; echo two",
      })),
      { name: gate, needs: agents, run: `while [ ! -e open-${round} ]; do sleep 0.05; done` },
    ];
  });
  return { name: "soak", concurrency: agentsAtOnce, startup_delay: 0, instances: instances.flat() };
}

/** Up to three namespaces are begun ahead of who will need them, with two descriptors each; how many are there just then varies. */
const spareDescriptors = 6;

/** The fewest of several looks: a file that is just being read is no leak, nor is a shell that is just about to become its `sleep`. */
async function fewest(count: () => number): Promise<number> {
  const looks: number[] = [];
  return until(() => {
    looks.push(count());
    return looks.length < 20 ? undefined : Math.min(...looks);
  });
}

test.runIf(onLinux)(
  "R39: round after round of two hundred agents leaves the supervisor with the descriptors it had, and nothing alive",
  async () => {
    await using rig = await createRig({ files: { "fleet.yaml": JSON.stringify(fleetOfRounds()) } });
    const { run, pid } = await detach(rig);
    const marker = `CLAUDE_ORCHESTRATOR_ATTEMPT_${run}=`;
    const seen: { readonly descriptors: number; readonly processes: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const quiet = await until(async () => {
        const [open] = await openRuns(rig);
        return open?.instances.done === (round + 1) * agentsAtOnce + round && open.instances.running === 1
          ? true
          : undefined;
      });
      expect(quiet).toBe(true);
      const alive = (): readonly string[] =>
        processesWith(marker)
          .map(({ command }) => command)
          .filter((command) => !/^(?:sleep|\S*\/(?:bwrap|cat)) /.test(`${command} `));
      await until(() => (alive().every((command) => command.includes(`open-${round}`)) ? true : undefined));
      seen.push({
        descriptors: await fewest(() => readdirSync(`/proc/${pid}/fd`).length),
        processes: await fewest(() => alive().length),
      });
      writeFileSync(rig.path(`open-${round}`), "");
    }
    const { exitCode, stderr } = await rig.command(["attach", run, "--json"]);
    expect(exitCode === 0 ? "" : stderr).toBe("");
    expect(seen.map(({ processes }) => processes)).toEqual(seen.map(() => seen[0]?.processes));
    const descriptors = seen.map((each) => each.descriptors);
    expect(Math.max(...descriptors) - Math.min(...descriptors)).toBeLessThanOrEqual(spareDescriptors);
    expect(await leftoversAfter(2000, marker)).toEqual([]);
  },
  600_000,
);
