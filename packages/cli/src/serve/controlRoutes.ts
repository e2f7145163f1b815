import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { UserError } from "@claude-orchestrator/domain";
import type { Answer, Asked, Routes } from "@claude-orchestrator/protocol";
import type { Fleet, FleetCall } from "@claude-orchestrator/server";
import { findRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { runThisProgram } from "../program/runThisProgram.ts";
import { askTo } from "../supervise/askCommands.ts";
import { setBudget } from "../supervise/budgetCommands.ts";
import { readHistory } from "../supervise/history.ts";
import { behalfWords } from "../supervise/onBehalf.ts";
import { resumeRunOf, stoppedOnes } from "../supervise/resume.ts";
import { retryRun } from "../supervise/retry.ts";
import { standingOf } from "../supervise/standing.ts";
import { askToStop, namesOf, noneAtWork } from "../supervise/stop.ts";
import { answered, by, refusalOf } from "./answered.ts";

type Done = Answer<Routes["stopRun"]>;
type Resumed = Answer<Routes["resumeRun"]>;

const quietly = { json: true, quiet: true, verbose: false, plain: true, supervisor: false } as const;

/** Routes by which a person steers a run: the same as the commands of that name, but that they wait for no run's end. */
export function controlRoutes(
  io: Io,
  runsFolder: string,
): Pick<Fleet["routes"], "stopRun" | "pauseRun" | "unpauseRun" | "retryRun" | "resumeRun" | "setBudget"> {
  const ask = async (kind: "pause" | "unpause", run: string, call: FleetCall): Promise<Done> => {
    const { said } = await answered(by(io, call), (captured) =>
      askTo(kind, [run], { "runs-dir": runsFolder }, captured),
    );
    return { message: said };
  };
  return {
    stopRun: (asked, call) => stop(asked, runsFolder, by(io, call)),
    pauseRun: ({ params }, call) => ask("pause", params.run, call),
    unpauseRun: ({ params }, call) => ask("unpause", params.run, call),
    retryRun: (asked, call) => retry(asked, runsFolder, by(io, call)),
    resumeRun: (asked, call) => resume(asked, runsFolder, by(io, call)),
    setBudget: async ({ params, body }, call) => {
      const words = body.scope === undefined ? [params.run] : [params.run, body.scope];
      const flags = { tokens: body.tokens, "cost-usd": body.cost_usd, "runs-dir": runsFolder };
      const { said } = await answered(by(io, call), (captured) => setBudget(words, flags, captured));
      return { message: said };
    },
  };
}

async function stop({ params, body }: Asked<Routes["stopRun"]>, runsFolder: string, io: Io): Promise<Done> {
  const found = findRun(runsFolder, params.run);
  const state = readHistory(found);
  if (state?.phase.status === "settled") {
    throw new UserError("run-not-running", `${found.id} has come to its end already`);
  }
  if (standingOf(found.directory, false).is === "running") {
    const names = body.instance === undefined ? [] : namesOf(state, body.instance, found.id);
    const { said } = await answered(io, async (captured) => {
      await askToStop(found, names, body, captured);
      return 0;
    });
    return { message: said };
  }
  if (body.instance !== undefined) throw noneAtWork(found.id);
  return endInterrupted(found.id, { runsFolder, force: body.force }, io);
}

/** Whoever takes a run up to end it supervises it: that is another program's work, which does not end with this one. */
async function endInterrupted(
  id: string,
  { runsFolder, force }: { readonly runsFolder: string; readonly force: boolean },
  io: Io,
): Promise<Done> {
  const outputPath = join(tmpdir(), `claude-orchestrator-stop-${randomUUID()}.txt`);
  try {
    const words = ["stop", id, "--runs-dir", runsFolder, ...(force ? ["--force"] : []), ...behalfWords(io.by)];
    const { exitCode, problem } = await runThisProgram(words, { env: io.env, cwd: io.cwd, outputPath });
    const said = problem ?? readFileSync(outputPath, "utf8").trim();
    if (exitCode === 0) return { message: said };
    throw refusalOf(said, exitCode);
  } finally {
    rmSync(outputPath, { force: true });
  }
}

/** What cannot be gone on with is refused here: whoever supervises a run is started for those only that can. */
async function resume({ params, body }: Asked<Routes["resumeRun"]>, runsFolder: string, io: Io): Promise<Resumed> {
  const found = findRun(runsFolder, params.run);
  const state = readHistory(found);
  if (state !== undefined) stoppedOnes(state);
  const standing = standingOf(found.directory, state?.phase.status === "settled");
  if (standing.is === "running") throw new UserError("run-busy", `${found.id} is at work already`);
  const flags = { ...quietly, detach: true, "accept-changes": body.accept_changes, "runs-dir": runsFolder };
  const { document } = await answered(io, (captured) => resumeRunOf([found.id], flags, captured));
  return document as Resumed;
}

async function retry({ params, body }: Asked<Routes["retryRun"]>, runsFolder: string, io: Io): Promise<Done> {
  const found = findRun(runsFolder, params.run);
  const hasSettled = readHistory(found)?.phase.status === "settled";
  const flags = {
    ...quietly,
    failed: false,
    // One at work takes them in as it is; one that has settled goes on by a supervisor of its own.
    detach: hasSettled,
    "accept-changes": hasSettled && body.accept_changes,
    "runs-dir": runsFolder,
  };
  const { said } = await answered(io, (captured) => retryRun([found.id, ...body.instances], flags, captured));
  return { message: said === "" ? `${found.id} goes on` : said };
}
