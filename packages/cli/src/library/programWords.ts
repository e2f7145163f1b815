import { UserError } from "@claude-orchestrator/domain";
import type { PlanProblem } from "./contract.ts";
import { optionOfFlag } from "./optionNames.ts";

/*
 * Whatever reads a run's wishes says what is wrong with them by the flags of a command line. A program has written options: each flag
 * in backticks, with its value, becomes the option as the program would write it. Flags that are no options stay, and so does what is
 * said of the file: it may quote a flag of somebody else's.
 */

/** Does what may be refused, and has it refused in a program's words. @throws UserError as `work` does */
export async function refusedInProgramWords<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "config-invalid") throw error;
    const { code, message, hint, cause } = error;
    throw new UserError(code, inProgramWords(message), {
      ...(hint === undefined ? {} : { hint: inProgramWords(hint) }),
      cause,
    });
  }
}

export function problemInProgramWords(problem: PlanProblem): PlanProblem {
  const { code, message, hint } = problem;
  if (code === "config-invalid") return problem;
  return {
    ...problem,
    message: inProgramWords(message),
    ...(hint === undefined ? {} : { hint: inProgramWords(hint) }),
  };
}

export function inProgramWords(text: string): string {
  return text.replace(/`--([a-z-]+)(?:[ =]([^`]*))?`/g, (words: string, flag: string, value: string | undefined) => {
    const option = optionOfFlag(flag);
    return option === undefined ? words : `\`${withValue(option, value)}\``;
  });
}

/** A value that only stands for one (`FOLDER`, `<on|off>`) says nothing to a program. */
function withValue(option: string, value: string | undefined): string {
  if (value === undefined || /^(?:<.*>|[A-Z]+)$/.test(value)) return option;
  const [, key, rest] = /^([^=]+)=(.*)$/.exec(value) ?? [];
  if (option === "gateway") return `${option}: ${String(value === "on")}`;
  if (option === "only") return `${option}: [${JSON.stringify(value)}]`;
  if (option === "variables" || option === "agentPaths") {
    return key === undefined ? option : `${option}: { ${JSON.stringify(key)}: ${JSON.stringify(rest)} }`;
  }
  return `${option}: ${/^\d+(?:\.\d+)?$/.test(value) ? value : JSON.stringify(value)}`;
}
