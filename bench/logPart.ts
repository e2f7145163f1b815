import { spawnSync } from "node:child_process";
import path from "node:path";
import { median } from "./sample.ts";
import { asRatio, inSeconds, markdownTable } from "./table.ts";

interface LogSample {
  readonly seconds: number;
  /** Microseconds of a single call. */
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

interface LogTable {
  readonly title: string;
  readonly what: "append" | "flush" | "replay";
  readonly events: number;
}

const tables: readonly LogTable[] = [
  { title: "the log: 100,000 events appended, synced in batches of 512", what: "append", events: 100_000 },
  { title: "the log: 2,000 events, each synced before the next", what: "flush", events: 2000 },
  { title: "the log: 100,000 events read back, checked and folded", what: "replay", events: 100_000 },
];

const names = { bare: "bare node:sqlite", store: "the log" } as const;

type Whose = keyof typeof names;

/** The event log beside the least SQLite that could do the same; both in processes of their own, in turns. */
export function measureLog(rounds: number, scratch: string): string {
  return tables.map((table) => measureTable(table, rounds, scratch)).join("\n");
}

function measureTable({ title, what, events }: LogTable, rounds: number, scratch: string): string {
  const taken: Record<Whose, LogSample[]> = { bare: [], store: [] };
  for (let round = 0; round < rounds; round++) {
    for (const whose of ["bare", "store"] as const) {
      const folder = path.join(scratch, `log ${what} ${whose} ${round}`);
      if (what === "replay") runSubject("append", whose, folder, events);
      taken[whose].push(runSubject(what, whose, folder, events));
    }
  }
  const yardstick = median(taken.bare.map(({ seconds }) => seconds));
  const rows = (["bare", "store"] as const).map((whose) => tableRow(names[whose], taken[whose], yardstick, events));
  const head = ["", "wall s", "ratio", "us an event", "median us", "p99 us", "longest us"];
  return `### ${title}\n\nMedians of ${rounds}.\n\n${markdownTable(head, rows)}\n`;
}

function tableRow(
  name: string,
  samples: readonly LogSample[],
  yardstick: number | undefined,
  events: number,
): readonly string[] {
  const middle = (pick: (sample: LogSample) => number): number => median(samples.map(pick)) ?? 0;
  const seconds = middle((sample) => sample.seconds);
  const singles = [(s: LogSample) => s.median, (s: LogSample) => s.p99, (s: LogSample) => s.longest].map((pick) =>
    middle(pick),
  );
  return [
    name,
    inSeconds(seconds),
    asRatio(seconds, yardstick),
    ((seconds * 1e6) / events).toFixed(1),
    // A replay has no single calls.
    ...singles.map((value) => (value === 0 ? "" : value.toFixed(0))),
  ];
}

function runSubject(what: string, whose: Whose, folder: string, events: number): LogSample {
  const subject = path.join(import.meta.dirname, "logSubject.ts");
  const argv = [subject, what, whose, folder, String(events)];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: "utf8", env: {} });
  if (status !== 0) throw new Error(`${what} of ${names[whose]} failed: ${stderr}`);
  return JSON.parse(stdout) as LogSample;
}
