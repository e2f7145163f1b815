import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { median, takeSample } from "./sample.ts";
import { sweepOnly } from "./subjects.ts";
import type { Bench, Load } from "./subjects.ts";
import { beginRun, commandOf, killSupervisor, resumeRun, secondsUntilAtWork, stopRun } from "./supervisedRun.ts";
import { asRatio, inMegabytes, inSeconds, markdownTable } from "./table.ts";

/** A hundred agents that print an event a second for far longer than anything here takes. */
const working: Load = { instances: 100, events: 10_000, bytes: 500, line: 0, delay: 1000 };

/** Seconds or bytes by name. */
type Figures = Readonly<Record<string, number>>;

type Middle = (name: string) => number | undefined;

/** What a supervisor of a hundred agents takes, and what it takes to go on after its crash. */
export async function measureSupervisor(rounds: number, bench: Bench, scratch: string): Promise<string> {
  const taken: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    taken.push({
      ...named("best", await killAndResume(bench, scratch, {})),
      ...named("swept", await killAndResume(bench, scratch, sweepOnly)),
      ...(await bareSpawner()),
    });
  }
  const middle: Middle = (name) => median(taken.flatMap((each) => each[name] ?? []));
  return [recoveryTable, memoryTable, commandsTable].map((table) => `${table(rounds, middle)}\n`).join("\n");
}

function named(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix} ${name}`, value]));
}

/** A run of a hundred that is begun, looked at, killed, taken up, ended and looked at again. */
async function killAndResume(bench: Bench, scratch: string, env: Readonly<Record<string, string>>): Promise<Figures> {
  const begun = beginRun(bench.orchestrator("run", working, env));
  const wallOf = (command: string, words: readonly string[]): number =>
    takeSample(commandOf(begun, command, words), bench.tools, scratch).wall;
  let isOver = false;
  try {
    const fresh = await secondsUntilAtWork(begun, working.instances);
    const first = memoryOf(begun.pid);
    const ps = wallOf("ps", ["--json"]);
    await killSupervisor(begun);
    const resumed = resumeRun(begun);
    const again = await secondsUntilAtWork(resumed, working.instances);
    const second = memoryOf(resumed.pid);
    stopRun(begun);
    isOver = true;
    const attach = wallOf("attach", [begun.id, "--quiet"]);
    const node = takeSample(bench.bareNode(), bench.tools, scratch).wall;
    return { fresh, again, ps, attach, node, ...named("first", first), ...named("second", second) };
  } finally {
    if (!isOver) stopRun(begun);
  }
}

/** The least Node program with a hundred children. */
async function bareSpawner(): Promise<Figures> {
  const script = `const { spawn } = require("node:child_process");
for (let each = 0; each < 100; each += 1) spawn("sleep", ["600"], { stdio: "ignore" });
console.log("all are there"); process.stdin.resume().once("end", () => process.kill(0, "SIGKILL"));`;
  const child = spawn(process.execPath, ["-e", script], { env: { PATH: "/usr/bin:/bin" }, detached: true });
  await once(child.stdout, "data");
  const figures = named("bare", memoryOf(child.pid ?? 0));
  // It ends its whole group, itself included.
  child.stdin.end();
  await once(child, "exit");
  return figures;
}

/** Of a living process, in bytes; nothing where the system does not tell. */
function memoryOf(pid: number): Figures {
  const status = process.platform === "linux" ? readFileSync(`/proc/${pid}/status`, "utf8") : "";
  const figure = (name: string): number | undefined => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  const [peak, now] = [figure("VmHWM"), figure("VmRSS")];
  return peak === undefined || now === undefined ? {} : { peak, now };
}

function recoveryTable(rounds: number, middle: Middle): string {
  const row = (name: string, figure: string, yardstick: string): readonly string[] => [
    name,
    inSeconds(middle(figure)),
    asRatio(middle(figure), middle(yardstick)),
  ];
  const rows = [
    row("PID namespaces: begun", "best fresh", "best fresh"),
    row("PID namespaces: killed and resumed, agents anew", "best again", "best fresh"),
    row("swept: begun", "swept fresh", "swept fresh"),
    row("swept: killed and resumed, agents taken over", "swept again", "swept fresh"),
  ];
  const what = "from typing the command until all hundred are at work under the supervisor";
  return `### 100 agents at work: recovery\n\nMedians of ${rounds}; ${what}.\n\n${markdownTable(["", "wall s", "ratio"], rows)}`;
}

function memoryTable(rounds: number, middle: Middle): string {
  const row = (name: string, figure: string): readonly string[] => [
    name,
    inMegabytes(middle(`${figure} peak`)),
    asRatio(middle(`${figure} peak`), middle("bare peak")),
    inMegabytes(middle(`${figure} now`)),
  ];
  const rows = [
    row("bare Node with 100 sleeps", "bare"),
    row("supervisor, PID namespaces", "best first"),
    row("supervisor, PID namespaces, after a resume", "best second"),
    row("supervisor, swept", "swept first"),
    row("supervisor, swept, after a resume", "swept second"),
  ];
  const head = ["", "peak MB", "ratio", "now MB"];
  return `### 100 agents at work: memory of the supervisor\n\nMedians of ${rounds}.\n\n${markdownTable(head, rows)}`;
}

function commandsTable(rounds: number, middle: Middle): string {
  const row = (name: string, figure: string): readonly string[] => [
    name,
    inSeconds(middle(`swept ${figure}`)),
    asRatio(middle(`swept ${figure}`), middle("swept node")),
  ];
  const rows = [row("node -e 0", "node"), row("ps, beside them", "ps"), row("attach, once they have ended", "attach")];
  return `### 100 agents at work: looking at them\n\nMedians of ${rounds}.\n\n${markdownTable(["", "wall s", "ratio"], rows)}`;
}
