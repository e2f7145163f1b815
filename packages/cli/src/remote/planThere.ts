import { UserError } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import { routes } from "@claude-orchestrator/protocol";
import type { Asking, Routes } from "@claude-orchestrator/protocol";
import { readPairs } from "../commands/output.ts";
import { tellCheck, wholeRuns } from "../forecast/checkHistory.ts";
import type { CheckFlags } from "../forecast/checkHistory.ts";
import { readForecast, readForecastCheck } from "../forecast/readForecast.ts";
import type { CheckDocument, ForecastDocument } from "../forecast/readForecast.ts";
import type { Io } from "../io/channel.ts";
import { refuseIf } from "../run/problems.ts";
import type { Obstacle } from "../run/problems.ts";
import type { PlanFlagValues } from "../run/readPlan.ts";
import { forecastLines } from "../views/forecastLines.ts";
import { planLines } from "../views/planLines.ts";
import type { PlannedInstance } from "../views/planLines.ts";
import { counted } from "../views/words.ts";
import { askServer } from "./askServer.ts";
import { fileThere } from "./fileThere.ts";
import { problemsText } from "./problemsText.ts";
import { readServerAddress } from "./serverAddress.ts";

const exitCodeOfObstacles = 2;

type PlanFlags = PlanFlagValues & {
  readonly json: boolean;
  readonly forecast: boolean;
  readonly paste: boolean;
};

/** As `plan --json` prints it. */
interface PlanDocument {
  readonly plan: Plan;
  readonly start_at: number | null;
  readonly runs_folder: string;
  readonly instances: readonly PlannedInstance[];
  readonly forecast?: ForecastDocument;
}

/** `plan --server`: what a run would do on that machine, by the runs that are kept there. */
export async function showPlanThere(
  server: string,
  words: readonly string[],
  flags: PlanFlags,
  io: Io,
): Promise<number> {
  const address = readServerAddress(server, io);
  const body = { ...(await wishOf(words, flags, io)), forecast: flags.forecast };
  const { problems, obstacles, plan } = await askServer(address, routes.planRun, { body });
  if (plan === null) {
    const many = `The file has ${counted(problems.length, "problem")}, so nothing can be planned`;
    throw new UserError("config-invalid", `${many}\n\n${problemsText(problems)}`);
  }
  if (flags.json) io.out.json(plan);
  else {
    const {
      plan: planned,
      instances,
      runs_folder: runsFolder,
      forecast,
      start_at: startAt,
    } = plan as unknown as PlanDocument;
    const options = { columns: io.out.columns, runsFolder, ...(startAt === null ? {} : { startAt }) };
    io.out.lines(planLines(planned, instances, options));
    if (forecast !== undefined) io.out.lines(forecastLines(planned, readForecast(forecast), io.out.columns));
    refuseIf(obstacles.map(({ message, hint }) => obstacle(message, hint)));
    io.talk.write("\nNothing was started\n");
  }
  return obstacles.length > 0 ? exitCodeOfObstacles : 0;
}

function obstacle(message: string, hint: string | undefined): Obstacle {
  return { code: "server-refused", message, ...(hint === undefined ? {} : { hint }) };
}

/** `forecast check --server`: of the runs that are kept there. */
export async function checkHistoryThere(server: string, flags: CheckFlags, io: Io): Promise<number> {
  const query = { runs: wholeRuns(flags.runs) };
  const document = await askServer(readServerAddress(server, io), routes.checkForecasts, { query });
  if (flags.json) io.out.json(document);
  else {
    const check = document as unknown as CheckDocument;
    tellCheck({ ...readForecastCheck(check), folder: check.runs_folder }, io);
  }
  return 0;
}

type PlanWish = Asking<Routes["planRun"]>["body"];

/** What of `plan` a server can be asked. A word is a file there: prompts are given with `--prompt`. */
async function wishOf(words: readonly string[], flags: PlanFlags, io: Io): Promise<PlanWish> {
  const { config, prompt, workspace, name, agent, only, concurrency } = flags;
  for (const [flag, value] of Object.entries(flags)) if (isGiven(value) && !asked.has(flag)) throw notAsked(flag);
  const [word = config, ...more] = words;
  if ((word === undefined) === (prompt.length === 0) || more.length > 0) {
    throw new UserError("usage", "With `--server`, `plan` takes one file, or prompts with `--prompt`");
  }
  return {
    ...(word === undefined ? { prompts: [...prompt] } : await fileThere(word, flags.paste, io.cwd)),
    workspace,
    name,
    agent,
    concurrency,
    budget_usd: flags["budget-usd"],
    budget_tokens: flags["budget-tokens"],
    only: [...only],
    variables: Object.fromEntries(readPairs("var", flags.var)),
  };
}

/** What is said in the request, and what is decided here. */
const asked: ReadonlySet<string> = new Set([
  "config",
  "prompt",
  "workspace",
  "name",
  "agent",
  "only",
  "concurrency",
  "budget-usd",
  "budget-tokens",
  "var",
  "json",
  "forecast",
  "paste",
  "server",
]);

function notAsked(flag: string): UserError {
  return new UserError("usage", `\`--${flag}\` cannot be asked of a server`, {
    hint: "write it into the file, or run `plan` on that machine",
  });
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
