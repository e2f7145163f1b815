import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Answer, Asked, Routes } from "@claude-orchestrator/protocol";
import { Refusal } from "@claude-orchestrator/server";
import type { Fleet } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { keepPasted } from "../run/keepPasted.ts";
import { runFleet } from "../run/runFleet.ts";
import { showPlan } from "../run/showPlan.ts";
import { answered, by } from "./answered.ts";
import { demoFile } from "./demoFile.ts";
import { fileRefusal, problemsOf, readFileText } from "./fileText.ts";
import { runFlagsOf } from "./runWish.ts";

type Wish = Asked<Routes["startRun"]>["body"];
type PlanWish = Asked<Routes["planRun"]>["body"];
type Started = Answer<Routes["startRun"]>;

const exitCodeOfObstacles = 2;

/** Routes that read a file, and those that start what it asks for. */
export function startRoutes(
  io: Io,
  runsFolder: string,
): Pick<Fleet["routes"], "startRun" | "startDemo" | "planRun" | "getConfigSchema"> {
  return {
    startRun: ({ body }, call) => start(body, runsFolder, by(io, call)),
    startDemo: (_asked, call) => start({ text: demoFile }, runsFolder, by(io, call)),
    planRun: ({ body }) => plan(body, runsFolder, io),
    getConfigSchema: async () => {
      const { configJsonSchema } = await import("@claude-orchestrator/config/file");
      return configJsonSchema();
    },
  };
}

async function start(wish: Wish, runsFolder: string, io: Io): Promise<Started> {
  refuseMixture(wish);
  const file = wish.prompts === undefined ? await readFileText(wish, io) : undefined;
  const problems = file === undefined ? [] : problemsOf(file, io);
  if (file !== undefined && problems.length > 0) throw fileRefusal(file.shown, problems);
  const path = file === undefined ? undefined : (file.path ?? keepPasted(file.text, runsFolder));
  const flags = runFlagsOf(wish, path, runsFolder);
  const { document } = await answered(io, (captured) => runFleet([], flags, captured));
  return document as Started;
}

/** Nothing of it is kept, and nothing is started. */
async function plan({ forecast, ...wish }: PlanWish, runsFolder: string, io: Io): Promise<Answer<Routes["planRun"]>> {
  refuseMixture(wish);
  const file = wish.prompts === undefined ? await readFileText(wish, io) : undefined;
  const problems = file === undefined ? [] : [...problemsOf(file, io)];
  if (problems.length > 0) return { ok: false, problems, obstacles: [], plan: null };
  const scratch = mkdtempSync(join(tmpdir(), "claude-orchestrator-plan-"));
  try {
    const path = file?.path ?? join(scratch, "pasted.yaml");
    if (file !== undefined && file.path === undefined) writeFileSync(path, file.text, { mode: 0o600 });
    const flags = { ...runFlagsOf(wish, file === undefined ? undefined : path, runsFolder), forecast };
    const { document } = await answered(io, (captured) => showPlan([], flags, captured), [0, exitCodeOfObstacles]);
    const printed = document as { readonly problems: Answer<Routes["planRun"]>["obstacles"] };
    return { ok: printed.problems.length === 0, problems, obstacles: printed.problems, plan: { ...printed } };
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 2 });
  }
}

/** Of a pasted file its reader tells the place of what is wrong. @throws UserError usage; Refusal invalid-request */
function refuseMixture({ file, text, prompts = [], ...rest }: Wish): void {
  const given = [file, text, prompts[0]].filter((each) => each !== undefined);
  if (given.length !== 1) throw new UserError("usage", "A run begins with one of three: `file`, `text` or `prompts`");
  const words = [file, ...prompts, rest.workspace, rest.name, rest.agent, ...(rest.only ?? [])];
  const variables = Object.entries(rest.variables ?? {}).flat();
  if (![...words, ...variables].some((word) => word?.includes("\0") === true)) return;
  throw new Refusal(
    400,
    "invalid-request",
    "The body is not taken: a NUL character stands in it, which no program can be given",
  );
}
