import { agentsCommand } from "./agents.ts";
import { askNews } from "./askNews.ts";
import { budgetLedger, budgetSet, budgetShow } from "./budget.ts";
import type { Command } from "./command.ts";
import { completion } from "./completion.ts";
import { doctor } from "./doctor.ts";
import { examplesCommand } from "./examples.ts";
import { diff, merge, worktreesClean, worktreesList } from "./folders.ts";
import { forecastCheck } from "./forecast.ts";
import { init } from "./init.ts";
import { manual } from "./manual.ts";
import { notifyTest } from "./notify.ts";
import { plan } from "./plan.ts";
import { reap } from "./reap.ts";
import { run } from "./run.ts";
import { logs, runsList, show } from "./runs.ts";
import { attach, pause, ps, resume, retry, stop, unpause } from "./running.ts";
import { runsExport, runsImport, runsPrune } from "./runsKeeping.ts";
import { sbom } from "./sbom.ts";
import {
  scheduleAdd,
  scheduleList,
  schedulePause,
  scheduleRemove,
  scheduleRunNow,
  scheduleUnpause,
} from "./schedule.ts";
import { scheduleDaemon, scheduleInstall, scheduleStatus, scheduleUninstall } from "./scheduleDaemon.ts";
import { schema } from "./schema.ts";
import { serve, signIn, tokensCreate, tokensList, tokensRevoke } from "./serve.ts";
import { commandsInspect, commandsList } from "./slashCommands.ts";
import { update } from "./update.ts";
import { usage } from "./usage.ts";
import { verify } from "./verify.ts";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  run,
  plan,
  init,
  examplesCommand,
  ps,
  attach,
  stop,
  pause,
  unpause,
  resume,
  retry,
  budgetSet,
  budgetShow,
  budgetLedger,
  runsList,
  runsPrune,
  runsExport,
  runsImport,
  show,
  logs,
  usage,
  diff,
  merge,
  worktreesList,
  worktreesClean,
  scheduleAdd,
  scheduleList,
  scheduleRemove,
  schedulePause,
  scheduleUnpause,
  scheduleRunNow,
  scheduleStatus,
  scheduleDaemon,
  scheduleInstall,
  scheduleUninstall,
  serve,
  signIn,
  tokensCreate,
  tokensList,
  tokensRevoke,
  doctor,
  update,
  agentsCommand,
  commandsList,
  commandsInspect,
  notifyTest,
  forecastCheck,
  schema,
  sbom,
  verify,
  completion,
];

/** Typed by the program itself, and by what packs it: they stand in no help and are completed by no shell. */
export const hiddenCommands: readonly Command[] = [reap, manual, askNews];

/** What commands of two words have in common. */
export const groups: Readonly<Record<string, string>> = {
  budget: "Look at the budgets of a run, and set them while it works",
  runs: "Look at runs of the past, and tidy them up",
  forecast: "Look at how right forecasts are",
  notify: "Look after those who are told of a run",
  schedule: "Run files at times of a cron pattern",
  tokens: "Let scripts ask the server",
  worktrees: "Look after the worktrees of instances",
  commands: "Look at slash commands and skills",
};
