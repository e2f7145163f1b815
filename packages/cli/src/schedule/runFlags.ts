import { UserError } from "@claude-orchestrator/domain";
import { readPairs } from "../commands/output.ts";
import { run } from "../commands/run.ts";
import { parseArguments } from "../program/parse.ts";
import type { PlanFlagValues } from "../run/readPlan.ts";

/** What makes no sense for a run nobody looks at, or would make another run than the schedule's. */
const refused: ReadonlyMap<string, string> = new Map([
  ["config", "the schedule has its file already"],
  ["prompt", "a schedule runs a file"],
  ["agent", "a schedule runs a file, which names its agents itself"],
  ["start-at", "the schedule says when"],
  ["dry-run", "a schedule is for real runs"],
  ["detach", "its runs have no terminal anyway"],
  ["json", "nobody reads it; `show RUN --json` tells the same afterwards"],
  ["plain", "nobody reads it"],
  ["quiet", "nobody reads it"],
  ["verbose", "nobody reads it; `logs RUN INSTANCE` tells all"],
  ["demo-note", "it is for the tour only"],
  ["record", "a recording is one run's, and the next run would find its folder full"],
  ["schedule-slot", "it is the daemon's own"],
]);

/** The words people use for secrets, as in what masks the log of a run. */
const secretName = /(KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|COOKIE|PRIVATE|DSN)/i;

/**
 * The flags a schedule's runs are started with, read as `run FILE …` would read them.
 *
 * @throws UserError usage; also where a variable looks as if it held a secret: it would be on disk as long as the schedule
 */
export function readRunFlags(file: string, words: readonly string[]): PlanFlagValues {
  const parsed = parseArguments(["run", file, ...words], [run]);
  if (parsed.kind === "help") throw new UserError("usage", "After `--` come flags of `run`, such as `--budget-usd 5`");
  const [, extra] = parsed.words;
  if (extra !== undefined) throw new UserError("usage", `After \`--\` come flags of \`run\`, not \`${extra}\``);
  for (const [flag, why] of refused) {
    if (isGiven(parsed.flags[flag])) throw new UserError("usage", `\`--${flag}\` cannot be scheduled: ${why}`);
  }
  const flags = parsed.flags as PlanFlagValues;
  for (const name of readPairs("var", flags.var).keys()) {
    if (!secretName.test(name)) continue;
    throw new UserError("usage", `\`--var ${name}=…\` looks like a secret, and a schedule is kept on disk`, {
      hint: "put it into the environment of the daemon and name it in the file: `pass_env: [NAME]`",
    });
  }
  return flags;
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
