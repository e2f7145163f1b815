import type { OutputStream } from "../io/channel.ts";
import { createIo } from "../io/channel.ts";
import { commands } from "../commands/list.ts";
import { fromOlderForm } from "./olderForms.ts";
import { parseArguments } from "./parse.ts";
import { reportError } from "./reportError.ts";

/** Runs one command line to its end and gives the exit code. Never rejects. */
export async function runProgram(
  argv: readonly string[],
  streams: { readonly out: OutputStream; readonly talk: OutputStream },
): Promise<number> {
  const io = createIo(argv, streams);
  hideExperimentalWarnings(io.talk);
  const crashed = Promise.withResolvers<number>();
  const onCrash = (error: unknown): void => crashed.resolve(reportError(error, io));
  process.on("uncaughtException", onCrash);
  process.on("unhandledRejection", onCrash);
  const code = await Promise.race([execute(argv, io), crashed.promise]);
  await Promise.all([io.out.flush(), io.talk.flush()]);
  return code;
}

async function execute(argv: readonly string[], io: ReturnType<typeof createIo>): Promise<number> {
  try {
    const parsed = parseArguments(fromOlderForm(argv), commands);
    if (parsed.kind === "help") {
      io.out.write(parsed.text.endsWith("\n") ? parsed.text : `${parsed.text}\n`);
      return 0;
    }
    return await parsed.command.run(parsed.words, parsed.flags, io);
  } catch (error) {
    return reportError(error, io);
  }
}

/** Node calls parts we use experimental (SQLite); a person can do nothing about it. Other warnings are shown. */
function hideExperimentalWarnings(talk: { write(text: string): void }): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") talk.write(`warning: ${warning.message}\n`);
  });
}
