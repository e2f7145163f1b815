import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Tools } from "./tools.ts";

/** What one run of a program took. Seconds and bytes; undefined where this machine cannot tell. */
export interface Sample {
  readonly wall: number;
  /** CPU of the program without its children. */
  readonly own: number | undefined;
  readonly children: number | undefined;
  readonly peakBytes: number | undefined;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Subject {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Runs the program once, to its end. */
export function takeSample(subject: Subject, tools: Tools, scratch: string): Sample {
  const out = path.join(scratch, "measured.json");
  const [command = "", ...words] = tools.measure === undefined ? subject.argv : [tools.measure, out, ...subject.argv];
  const begun = performance.now();
  const run = spawnSync(command, words, {
    cwd: subject.cwd,
    env: subject.env,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (run.error !== undefined) throw run.error;
  const text = { stdout: run.stdout, stderr: run.stderr };
  if (tools.measure === undefined) {
    const wall = (performance.now() - begun) / 1000;
    return { wall, own: undefined, children: undefined, peakBytes: undefined, exit: run.status ?? -1, ...text };
  }
  const measured = JSON.parse(readFileSync(out, "utf8")) as Readonly<
    Record<"wall" | "own" | "children" | "peakKb" | "exit", number>
  >;
  const { wall, own, children, peakKb, exit } = measured;
  return { wall, own, children, peakBytes: peakKb * 1024, exit, ...text };
}

/** The middle one of each figure by itself; of an even number the higher of the two middle ones. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
