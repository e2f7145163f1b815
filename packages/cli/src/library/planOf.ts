import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { agents } from "@claude-orchestrator/agents";
import { loadPlan } from "@claude-orchestrator/config/file";
import { withoutSecrets } from "@claude-orchestrator/engine";
import type { Io } from "../io/channel.ts";
import { checkBeforeStart } from "../run/preflight.ts";
import { readPlan } from "../run/readPlan.ts";
import type { PlanOptions, PlanProblem, PlanResult, Source } from "./contract.ts";
import { embeddedIo } from "./embeddedIo.ts";
import { refuseUnknownOptions } from "./optionNames.ts";
import { problemInProgramWords, refusedInProgramWords } from "./programWords.ts";
import { runFlagsOf } from "./runWords.ts";
import { sourceFileOf, textOfSource } from "./sourceFile.ts";
import type { SourceFile } from "./sourceFile.ts";

/** @throws UserError where an option says what cannot be, or there is no such file */
export async function planOf(source: Source, options: PlanOptions): Promise<PlanResult> {
  const result = await refusedInProgramWords(() => planned(source, options));
  return { ...result, problems: result.problems.map(problemInProgramWords) };
}

async function planned(source: Source, options: PlanOptions): Promise<PlanResult> {
  refuseUnknownOptions(options);
  const io = embeddedIo(options);
  const file = sourceFileOf(source, io);
  const problems = await problemsIn(file, io);
  if (problems.length > 0) return { ok: false, problems };
  return withFile(file, async (path) => {
    const flags = runFlagsOf(path, options);
    const read = await readPlan([], flags, io);
    const { plan, obstacles } = await checkBeforeStart(read.plan, flags, io);
    return { ok: obstacles.length === 0, plan: withoutSecrets(plan), problems: obstacles };
  });
}

/** Everything that is wrong in the file by itself. */
async function problemsIn(file: SourceFile, io: Io): Promise<readonly PlanProblem[]> {
  const decoded = await textOfSource(file);
  if (!("text" in decoded)) return [problemOf(decoded)];
  const home = io.env["HOME"] ?? io.env["USERPROFILE"];
  const loaded = loadPlan(decoded.text, {
    fileName: file.shown,
    workspace: io.cwd,
    directory: file.kind === "file" ? dirname(file.path) : io.cwd,
    ...(home === undefined ? {} : { home }),
    defaultConcurrency: Math.max(4, availableParallelism() * 2),
    knownAgents: agents.map(({ name }) => name),
  });
  return "problems" in loaded ? loaded.problems.map(problemOf) : [];
}

function problemOf(problem: {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}): PlanProblem {
  const { line, column, message, hint } = problem;
  return { code: "config-invalid", message, ...(hint === undefined ? {} : { hint }), line, column };
}

/** What is no file yet stands in one of its own as long as it is read. */
async function withFile<Result>(file: SourceFile, read: (path: string) => Promise<Result>): Promise<Result> {
  if (file.kind === "file") return read(file.path);
  const scratch = mkdtempSync(join(tmpdir(), "claude-orchestrator-plan-"));
  try {
    const path = join(scratch, "plan.json");
    writeFileSync(path, file.text, { mode: 0o600 });
    return await read(path);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 2 });
  }
}
