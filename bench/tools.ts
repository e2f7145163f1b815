import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";

/** The two small programs of the benchmark, compiled. */
export interface Tools {
  /** The fake agent, under the name `claude`; put its folder first on PATH. */
  readonly agent: string;
  /** Undefined where it does not compile: then only wall times are known. */
  readonly measure: string | undefined;
  /** What a reader of the tables must know of them. */
  readonly remarks: readonly string[];
}

const here = import.meta.dirname;

/** Compiles into `directory`. What is missing is made up for where it can be, and said in `remarks`. */
export function buildTools(directory: string): Tools {
  mkdirSync(path.join(directory, "bin"), { recursive: true });
  const agent = path.join(directory, "bin", "claude");
  const measure = path.join(directory, "measure");
  const remarks: string[] = [];
  if (!compile("fakeAgent.c", agent)) {
    copyFileSync(path.join(here, "fakeAgent.mjs"), agent);
    chmodSync(agent, 0o755);
    remarks.push("no C compiler (`cc`): the agents are Node programs, dearer than what is measured");
  }
  // It needs a system that lets one process read the CPU clock of another: Linux does, macOS does not.
  const isMeasured = compile("measure.c", measure);
  if (!isMeasured) remarks.push("`measure.c` does not compile here: wall times only");
  return { agent, measure: isMeasured ? measure : undefined, remarks };
}

function compile(source: string, target: string): boolean {
  return spawnSync("cc", ["-O2", "-o", target, path.join(here, source)], { stdio: "inherit" }).status === 0;
}
