import { checkCounts } from "./counted.ts";
import { type Sample, type Subject, median, takeSample } from "./sample.ts";
import { sweepOnly } from "./subjects.ts";
import type { Bench, Load } from "./subjects.ts";
import { asRatio, inMegabytes, inSeconds, markdownTable } from "./table.ts";

/** One table of the report. */
export interface Part {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  readonly rounds: number;
  /** The first is the yardstick of the ratios. Made anew for each round, so that every run has a fresh workspace. */
  readonly subjects: (bench: Bench) => readonly Subject[];
}

const one: Load = { instances: 1, events: 32, bytes: 500, line: 0 };

/** All tables, in the order of the report. */
export function allParts(rounds: number): readonly Part[] {
  const fewer = Math.min(rounds, 3);
  return [
    startUp(rounds),
    ...[1, 10, 50, 100, 300].map((instances) => atOnce(instances, instances >= 100 ? fewer : rounds)),
    ...[1, 100].map((instances) => keptTogether(instances, fewer)),
    stream("stream", "100,000 events x 500 B, one instance", { ...one, events: 100_000 }, rounds),
    stream("streams", "10 x 100,000 events x 500 B, ten instances", { ...one, instances: 10, events: 100_000 }, fewer),
    stream("line", "one line of 100 MB", { ...one, events: 3, line: 100_000_000 }, fewer),
  ];
}

function startUp(rounds: number): Part {
  return {
    name: "start-up",
    title: "start-up",
    load: one,
    rounds: rounds * 2 + 1,
    subjects: (bench) => [
      bench.bareNode(),
      bench.minimalReader(one),
      ...(bench.hasProgram()
        ? (["--version", "plan", "run"] as const).map((command) => bench.orchestrator(command, one))
        : []),
    ],
  };
}

function atOnce(instances: number, rounds: number): Part {
  const load = { ...one, instances };
  const title = `${instances} ${instances === 1 ? "instance" : "instances at once"}, 32 events each`;
  return {
    name: `n${instances}`,
    title,
    load,
    rounds,
    subjects: (bench) => [bench.minimalReader(load), bench.xargs(load), ...program(bench, load)],
  };
}

/** The whole run under each means of keeping an attempt's processes together. */
function keptTogether(instances: number, rounds: number): Part {
  const load = { ...one, instances };
  return {
    name: `kept${instances}`,
    title: `${instances} ${instances === 1 ? "instance" : "instances at once"}, with and without PID namespaces`,
    load,
    rounds,
    subjects: (bench) =>
      program(bench, load).length === 0
        ? []
        : [
            { ...bench.orchestrator("run", load, sweepOnly), name: "swept: claude-orchestrator run" },
            { ...bench.orchestrator("run", load), name: "the best there is: claude-orchestrator run" },
          ],
  };
}

function stream(name: string, title: string, load: Load, rounds: number): Part {
  return { name, title, load, rounds, subjects: (bench) => [bench.minimalReader(load), ...program(bench, load)] };
}

function program(bench: Bench, load: Load): readonly Subject[] {
  return bench.hasProgram() ? [bench.orchestrator("run", load)] : [];
}

/** Runs a part: the subjects take turns within each round, so that a noisy minute falls on all of them alike. */
export function measurePart(part: Part, bench: Bench, scratch: string): string {
  const taken = new Map<string, { readonly samples: Sample[]; counted: string }>();
  for (let round = 0; round < part.rounds; round++) {
    for (const subject of part.subjects(bench)) {
      const sample = takeSample(subject, bench.tools, scratch);
      const entry = taken.get(subject.name) ?? { samples: [], counted: "" };
      entry.samples.push(sample);
      entry.counted = worse(entry.counted, judge(subject, sample, part.load));
      taken.set(subject.name, entry);
    }
  }
  return report(part, [...taken]);
}

/** The first bad word stays. */
function worse(sofar: string, now: string): string {
  return sofar === "" || sofar === "yes" ? now : sofar;
}

function judge(subject: Subject, sample: Sample, load: Load): string {
  if (sample.exit !== 0) return `exit ${sample.exit}: ${sample.stderr.trim().split("\n")[0] ?? ""}`.slice(0, 80);
  return subject.name.endsWith(" run") ? checkCounts(subject.cwd, load) : "";
}

function report(
  part: Part,
  taken: readonly (readonly [string, { readonly samples: readonly Sample[]; readonly counted: string }])[],
): string {
  const medians = taken.map(([name, { samples, counted }]) => ({
    name,
    counted,
    wall: median(samples.map(({ wall }) => wall)),
    own: median(samples.map(({ own }) => own).filter((own) => own !== undefined)),
    children: median(samples.map(({ children }) => children).filter((value) => value !== undefined)),
    peak: median(samples.map(({ peakBytes }) => peakBytes).filter((peak) => peak !== undefined)),
  }));
  const yardstick = medians[0];
  const rows = medians.map((row) => [
    row.name,
    inSeconds(row.wall),
    asRatio(row.wall, yardstick?.wall),
    inSeconds(row.own),
    asRatio(row.own, yardstick?.own),
    inSeconds(row.children),
    inMegabytes(row.peak),
    row.counted,
  ]);
  const head = ["", "wall s", "ratio", "own CPU s", "ratio", "children CPU s", "peak MB", "all counted"];
  return `### ${part.title}\n\nMedians of ${part.rounds}.\n\n${markdownTable(head, rows)}\n`;
}
