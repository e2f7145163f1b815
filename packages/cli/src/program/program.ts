import { UserError } from "@claude-orchestrator/domain";
import type { Io, OutputStream } from "../io/channel.ts";
import { createIo, whyNotWritten } from "../io/channel.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { commands, hiddenCommands } from "../commands/list.ts";
import { readPolicy } from "../policy/readPolicy.ts";
import { supervisorSwitch } from "../supervise/supervisorSwitch.ts";
import { mayTellNews } from "../update/mayTellNews.ts";
import { neverFromCurrentFolder } from "./currentFolder.ts";
import { fromOlderForm } from "./olderForms.ts";
import { parseArguments } from "./parse.ts";
import { exitCodeOfBug, reportError } from "./reportError.ts";
import { programName } from "./version.ts";

/** What a crash says is waited for at most this long: processes of a run live until the program has ended. */
const lastWordsMs = 2000;

/** Runs one command line to its end and gives the exit code. Never rejects. */
export async function runProgram(
  argv: readonly string[],
  streams: { readonly out: OutputStream; readonly talk: OutputStream },
): Promise<number> {
  // A report that Node writes of a crash would hold the environment, and with it a person's keys.
  process.report.excludeEnv = true;
  neverFromCurrentFolder(process.env);
  const io = createIo(argv, streams);
  hideExperimentalWarnings(io.talk);
  const code = await Promise.race([execute(argv, io), firstCrash(io)]);
  await io.out.flush();
  const { failure } = io.out;
  if (failure !== undefined) {
    const why = cleanLine(whyNotWritten(failure));
    io.talk.write(`${io.talk.paint("bad", "error:")} the output could not be written: ${why}\n`);
  }
  await io.talk.flush();
  return failure !== undefined && code === 0 ? 1 : code;
}

/**
 * Settles with the exit code of a bug at the first error nobody caught, said once; those after it are not heard, so that
 * an error in saying it cannot begin it anew. Whoever ends the program then kills what runs, by its `exit` event.
 */
function firstCrash(io: Io): Promise<number> {
  return new Promise((resolve) => {
    let hasCrashed = false;
    const onCrash = (error: unknown): void => {
      if (hasCrashed) return;
      hasCrashed = true;
      setTimeout(() => process.exit(exitCodeOfBug), lastWordsMs).unref();
      try {
        resolve(reportError(error, io));
      } catch {
        resolve(exitCodeOfBug);
      }
    };
    process.on("uncaughtException", onCrash);
    process.on("unhandledRejection", onCrash);
  });
}

/** What ends something, or says what is wrong, also does where the policy of the machine cannot be used. */
const withoutPolicy: ReadonlySet<string> = new Set(["doctor", "stop", "reap", "completion"]);

async function execute(argv: readonly string[], io: Io): Promise<number> {
  try {
    if (argv[1] === supervisorSwitch) await takeEnvironment();
    const hidden = hiddenCommands.filter(({ name }) => name === argv[0]);
    const parsed = parseArguments(fromOlderForm(argv), hidden.length > 0 ? hidden : commands);
    if (parsed.kind === "help") {
      io.out.write(parsed.text.endsWith("\n") ? parsed.text : `${parsed.text}\n`);
      return 0;
    }
    if (!withoutPolicy.has(parsed.command.name)) await readPolicy();
    const code = await parsed.command.run(parsed.words, parsed.flags, io);
    if (mayTellNews(parsed.command.name, parsed.flags, io)) (await import("../update/tellNews.ts")).tellNews(io);
    return code;
  } catch (error) {
    return reportError(error, io);
  }
}

/** @throws UserError run-not-running: whoever has started this program without a terminal is gone already */
async function takeEnvironment(): Promise<void> {
  // Apart: most starts of this program are made by a person.
  const { takeHandedEnvironment } = await import("@claude-orchestrator/host");
  if (await takeHandedEnvironment()) return;
  throw new UserError("run-not-running", "whoever started this supervisor went away before it had its environment", {
    hint: `\`${programName} resume\` goes on with the run`,
  });
}

/** Node calls parts we use experimental (SQLite); a person can do nothing about it. Other warnings are shown. */
function hideExperimentalWarnings(talk: { write(text: string): void }): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") talk.write(`warning: ${warning.message}\n`);
  });
}
