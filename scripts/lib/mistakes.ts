import { UserError } from "@claude-orchestrator/domain";

/** Of a script: what a person can put right. */
export const exitCodeOfMistake = 2;

/** Runs a script and answers its exit code; what a person can put right is told without a stack. */
export async function endByMistakes(main: () => Promise<number>): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isMistake =
      error instanceof UserError || ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    if (!isMistake) throw error;
    const hint = error instanceof UserError && error.hint !== undefined ? `\n\nhint: ${error.hint}` : "";
    console.error(`error: ${error.message}${hint}`);
    return exitCodeOfMistake;
  }
}
